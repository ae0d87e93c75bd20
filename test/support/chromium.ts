import { existsSync } from 'node:fs';

/** Where Debian's package puts it. */
export const CHROMIUM = '/usr/bin/chromium';

/** Why tests with a browser are skipped; false where there is one, or there has to be one. */
export const withoutChromium: string | false = existsSync(CHROMIUM) || process.env['CI'] === 'true' || process.env['GATEWAY_TEST_ALL'] === '1' ? false : 'chromium is not installed: apt-get install chromium';
