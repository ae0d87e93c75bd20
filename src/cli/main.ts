import { Command, InvalidArgumentError, Option } from 'commander';
import { parseListen } from './addresses.js';
import type { DiffOptions } from './diff.js';
import type { ExplainOptions } from './explain.js';
import { holdHangups } from './hangups.js';
import type { StartOptions } from './start.js';
import type { TestOptions } from './test.js';
import type { ValidateOptions } from './validate.js';
import { VERSION } from './version.js';

// each command imports what it runs: `--help` and `hash-key` do not wait for a proxy

// a reader that has seen enough (`| head`) closes the pipe: what is not read need not be written
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const program = new Command('gateway')
  .description('An API gateway driven from one YAML file.')
  .version(VERSION)
  .showHelpAfterError('(gateway --help tells the commands and options)')
  // 2: wrong usage; 1 is left for files that are refused and starts that fail
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const config = (): Option => new Option('-c, --config <file>', 'the configuration file').default('config.yaml');

program.command('start')
  .description('serve what a file describes; every save of it takes effect')
  .addOption(config())
  .option('--listen <host:port>', 'serve here instead of gateway.listen (may be given several times)', collect)
  .option('--admin <host:port|off>', 'tell of itself here instead of gateway.admin', place('off'))
  .option('--test <file>', 'apply nothing that these cases fail on (may be given several times)', several)
  .option('--no-watch', 'apply saves on SIGHUP only')
  .option('--poll <ms>', 'look at the file this often, besides its events (default: 500)', milliseconds)
  .addOption(new Option('--log-format <format>', 'default: pretty on a terminal, else json').choices(['pretty', 'json']))
  .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
  .action(async (options: StartOptions) => {
    const held = holdHangups();
    const { start } = await import('./start.js');
    fail(await start(options, held) !== undefined);
  });

program.command('validate')
  .description('tell everything that is wrong with files, and exit 1 when one would be refused')
  .argument('[files...]', 'configuration files, - for stdin (default: config.yaml)')
  .option('-c, --config <file>', 'a configuration file (may be given several times)', several)
  .addOption(new Option('--format <format>').choices(['pretty', 'json', 'github', 'sarif']).default('pretty'))
  .option('--strict', 'refuse a file for a warning too', false)
  .action(async (named: readonly string[], { config: others = [], ...options }: Omit<ValidateOptions, 'files'> & { readonly config?: readonly string[] }, command: Command) => {
    const files = [...others, ...named];
    if (files.filter((file) => file === '-').length > 1) command.error('error: stdin can be read once');
    const { validate } = await import('./validate.js');
    process.exitCode = await validate({ ...options, files: files.length > 0 ? files : ['config.yaml'] });
  });

program.command('diff')
  .description('tell what changed from one file to another, what concerns security first; exits 0 when nothing did, 1 when something did, 2 when a file is refused')
  .argument('<old>', 'a configuration file, - for stdin')
  .argument('<new>', 'a configuration file, - for stdin')
  .addOption(new Option('--format <format>').choices(['pretty', 'json']).default('pretty'))
  .action(async (before: string, after: string, options: DiffOptions, command: Command) => {
    if (before === '-' && after === '-') command.error('error: stdin can be read once');
    const { diff } = await import('./diff.js');
    process.exitCode = await diff(before, after, options);
  });

program.command('init')
  .description('write a configuration file to start from, with a key of its own')
  .argument('[file]', 'where to', 'config.yaml')
  .option('--force', 'replace a file that is there', false)
  .action(async (file: string, { force }: { readonly force: boolean }, command: Command) => {
    // to all commands that read it, - is stdin
    if (file === '-' || file === '') command.error('error: init writes a file, which needs a name');
    const { init } = await import('./init.js');
    process.exitCode = init(file, force);
  });

program.command('schema')
  .description('print the JSON Schema of the configuration file, for editors')
  .action(async () => {
    const { schema } = await import('./schema.js');
    schema();
  });

program.command('test')
  .description('send the cases beside a file through the gateway that it describes, with stubs for its upstreams')
  .addOption(config())
  .option('--requests <file>', 'the cases (may be given several times; default: requests.yaml beside the file)', several)
  .addOption(new Option('--format <format>').choices(['pretty', 'json', 'junit']).default('pretty'))
  .action(async (options: TestOptions) => {
    const { test } = await import('./test.js');
    process.exitCode = await test(options);
  });

program.command('explain')
  .description('tell what the gateway that a file describes would do with a request, and why; exits 1 when the file is refused')
  .argument('<method>', 'GET, POST, …')
  .argument('<url>', 'a path, or http:// or https:// with a host')
  .addOption(config())
  .option('-H, --header <line>', "a header: 'Name: value' (may be given several times)", several)
  .option('--from <address>', 'the address that the request comes from', '127.0.0.1')
  .option('--data <body>', 'the body of the request')
  .addOption(new Option('--format <format>').choices(['pretty', 'json']).default('pretty'))
  .action(async (method: string, url: string, options: ExplainOptions, command: Command) => {
    const { explain, problemWith } = await import('./explain.js');
    const problem = problemWith(method, url, options);
    if (problem !== undefined) command.error(`error: ${problem}`);
    process.exitCode = await explain(method, url, options);
  });

program.command('echo')
  .description('a sample upstream that tells what it receives (/ip, /get, /headers, /anything, /status/N, /delay/N, …)')
  .option('--listen <host:port>', 'serve here', place(), '127.0.0.1:9081')
  .action(async ({ listen }: { listen: string }) => {
    const { echo } = await import('./echo.js');
    fail(await echo(listen) !== undefined);
  });

program.command('hash-key')
  .description('read an API key from stdin and print it as key_sha256')
  .action(async () => {
    const { hashKey } = await import('./hash-key.js');
    process.exitCode = await hashKey();
  });

program.command('demo')
  .description('start the key-auth tutorial: its gateway, a sample upstream, and the lines to try')
  .action(async () => {
    const { demo } = await import('./demo.js');
    fail(await demo());
  });

await program.parseAsync();

/** A start that failed told why; what it opened meanwhile must not keep the process. */
function fail(started: boolean): void {
  if (!started) process.exit(1);
}

function place(except?: string): (text: string) => string {
  return (text) => {
    if (text !== except && !parseListen(text)) throw new InvalidArgumentError('It must be HOST:PORT.');
    return text;
  };
}

function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return several(place()(text), before);
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 10) throw new InvalidArgumentError('It must be a whole number of milliseconds, 10 or more.');
  return value;
}
