import assert from 'node:assert/strict';

/** As much of a browser as a login takes: cookies per host, redirects by hand, and forms. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** Asks once; a redirect is not followed. */
  get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#send(url, { headers });
  }

  /** Goes to a guarded place, logs in, and comes back. */
  async enter(url: string, name: string): Promise<void> {
    const begun = await this.get(url);
    assert.equal(begun.status, 302);
    const done = await this.get(await this.logIn(begun.headers.get('location') ?? '', name));
    assert.equal(done.status, 302);
  }

  /** Fills in the provider's forms; returns where it sends the browser then. */
  async logIn(url: string, name: string): Promise<string> {
    const { origin } = new URL(url);
    let at = url;
    let answer = await this.get(at);
    for (let step = 0; step < 12; step++) {
      const to = answer.headers.get('location');
      if (to !== null) {
        at = new URL(to, at).href;
        if (new URL(at).origin !== origin) return at;
        answer = await this.get(at);
        continue;
      }
      const page = await answer.text();
      const [, action = ''] = /<form[^>]*action="([^"]+)"/.exec(page) ?? [];
      assert.notEqual(action, '', page);
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      at = new URL(action, at).href;
      answer = await this.#send(at, { method: 'POST', body: new URLSearchParams({ prompt, login: name, password: 'any' }) });
    }
    throw new Error('the login does not end');
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jar(url).get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.#jar(url).set(name, value);
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const jar = this.#jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers as Record<string, string>, ...(cookie !== '' && { cookie }) } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  #jar(url: string): Map<string, string> {
    const { host } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    return jar;
  }
}
