import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { draw } from '../../src/diagnostics/draw.js';
import { plugin } from '../../src/plugins/plugin.js';
import { failuresOf, runTexts } from './support.js';

const CONFIG = `
routes:
  - {id: open, uri: /open/*, upstream_id: plain}
  - {id: guarded, uri: /guarded, upstream_id: plain, plugins: {key-auth: {hide_credentials: true}}}
  - {id: secure, uri: /secure, host: shop.example.com, upstream: {scheme: https, pass_host: node, nodes: {api.example.com: 1}}}
  - {id: several, uri: /several, upstream: {nodes: {"a.example.com:81": 1, "b.example.com:82": 1}}}
upstreams: [{id: plain, nodes: {"127.0.0.1:1": 1}}]
consumers: [{username: tom, plugins: {key-auth: {key: "the-key-of-tom"}}}]
gateway: {trusted_proxies: [10.0.0.1]}
`;

/** Passes when every case does. */
async function passes(requests: string): Promise<void> {
  const run = await runTexts(CONFIG, requests, { KEY: 'the-key-of-tom' });
  assert.equal(draw(run.diagnostics), '');
  assert.deepEqual(failuresOf(run), []);
  assert.equal(run.passed, true);
}

describe('cases', () => {
  it('expect a route, a consumer, a status, and what the upstream receives', () => passes(`
requests:
  - request: GET /guarded?a=1&apikey=\${{KEY}}
    expect:
      route: guarded
      consumer: tom
      status: 200
      upstream: {id: plain, node: "127.0.0.1:1", attempts: 1, method: GET, path: /guarded?a=1, headers: {x-consumer-username: tom, Host: localhost}, absent: [Apikey, Cookie], body: ""}
  - request: GET /guarded
    expect: {route: guarded, consumer: false, status: 401, body: {message: Missing API key in request}, upstream: false}
  - request: GET /nowhere
    expect: {route: false, status: 404, upstream: false}
  - request: GET /open/%2e%2e/guarded
    expect: {route: guarded, status: 401}
`));

  it('reach upstreams by name and over TLS without a connection', () => passes(`
requests:
  - request: GET http://shop.example.com/secure
    expect: {route: secure, status: 200, upstream: {id: route/secure, node: "api.example.com:443", headers: {Host: api.example.com}}}
`));

  it('get what the upstream answers by default: what it received, as the sample upstream tells it', () => passes(`
requests:
  - request: POST /open/x?a=1
    body: {name: tom}
    expect: {status: 200, headers: {Content-Type: application/json}, contains: ['"method": "POST"', '"a": "1"', '"name": "tom"'], upstream: {body: {name: tom}, headers: {Content-Type: application/json}}}
  - request: PUT /open/y
    body: plain text
    headers: {X-Twice: [a, b]}
    expect: {upstream: {body: plain text, headers: {X-Twice: "a, b"}, absent: Content-Type}}
`));

  it('say what the upstream answers', () => passes(`
requests:
  - request: GET /open/
    answer: {status: 418, headers: {X-Colour: [red, green], Transfer-Encoding: chunked, Content-Length: "7"}, body: short and stout}
    expect: {status: 418, headers: {X-Colour: "red, green", Server: {matches: ^gate}}, body: short and stout, absent: Transfer-Encoding}
  - request: HEAD /open/
    answer: {body: abc}
    expect: {status: 200, headers: {Content-Length: "3"}, body: ""}
  - request: GET /open/
    answer: {status: 204}
    expect: {status: 204, absent: Content-Length}
  - request: GET /open/
    answer: {body: {b: [1, 2], a: null}}
    expect: {body: {a: null, b: [1, 2]}}
`));

  it('make nodes fail, one after the other', () => passes(`
requests:
  - request: GET /several
    answer: [{fault: refused}, {body: second}]
    expect: {status: 200, body: second, upstream: {attempts: 2}}
  - request: GET /several
    answer: {fault: timeout}
    expect: {status: 504, headers: {X-APISIX-Upstream-Status: "504, 504"}}
  - request: POST /several
    body: not sent twice
    answer: {fault: reset}
    expect: {status: 502, upstream: {attempts: 1}}
  - request: GET /open/
    answer: {fault: connect-timeout}
    expect: {status: 504}
`));

  it('wait for 100 Continue where their request asks for it', () => passes(`
requests:
  - {request: POST /open/, headers: {Expect: 100-continue}, body: abc, expect: {status: 200, upstream: {body: abc}}}
`));

  it('have the body that they say, which may be none', () => passes(`
requests:
  - {request: POST /open/, expect: {upstream: {headers: {Content-Length: "0"}, absent: Transfer-Encoding, body: ""}}}
  - {request: GET /open/, expect: {upstream: {absent: [Content-Length, Transfer-Encoding]}}}
  - {request: POST /open/, headers: {Transfer-Encoding: chunked}, body: abc, expect: {upstream: {body: abc}}}
`));

  it('come from any address', () => passes(`
requests:
  - request: GET /open/
    expect: {upstream: {headers: {X-Real-IP: 127.0.0.1, X-Forwarded-Port: "9080"}}}
  - request: GET /open/
    from: 203.0.113.7
    headers: {X-Forwarded-For: 192.0.2.1}
    expect: {upstream: {headers: {X-Real-IP: 203.0.113.7}}}
  - request: GET /open/
    from: 10.0.0.1
    headers: {X-Forwarded-For: 192.0.2.1}
    expect: {upstream: {headers: {X-Real-IP: 192.0.2.1}}}
  - request: GET /open/
    from: "2001:db8::7"
    expect: {upstream: {headers: {X-Real-IP: "2001:db8::7"}}}
`));

  it('meet one running configuration, in their order', () => passes(`
requests:
  - {request: GET /several, expect: {upstream: {node: "a.example.com:81"}}}
  - {request: GET /several, expect: {upstream: {node: "b.example.com:82"}}}
  - {request: GET /several, expect: {upstream: {node: "a.example.com:81"}}}
  - {request: GET /several, times: 4, expect: {status: 200}}
`));

  it('see what is no request at all refused', () => passes(`
requests:
  - {request: GET /open/, headers: {Host: [a, b]}, expect: {status: 400, route: false}}
  - {request: GET /open/, headers: {Content-Length: x}, expect: {status: 400, route: false}}
  - {request: CONNECT /open/, expect: {status: 405, route: false, contains: 405 Not Allowed}}
  - {request: FOO /open/, expect: {status: 400, route: false}}
`));

  it('name the routes that none of them meets', async () => {
    assert.deepEqual((await runTexts(CONFIG, 'requests: [{request: GET /several, expect: {status: 200}}]')).unmet, ['open', 'guarded', 'secure']);
  });
});

describe('a case that fails', () => {
  it('tells each thing that did not come, at its own place', async () => {
    const run = await runTexts(CONFIG, `requests:
  - name: all wrong
    request: GET /open/x
    answer: {body: abc, headers: {X-A: a}}
    expect:
      route: secure
      consumer: tom
      status: 404
      headers:
        X-A: b
        X-B: {matches: x}
      absent: [Server, X-C]
      body: ab
      contains: [b, d]
      lacks: [e, c]
      upstream:
        id: other
        node: a:1
        attempts: 2
        method: POST
        path: /
        headers: {Host: example.com}
        body: {a: 1}
  - request: GET /guarded
    expect: {upstream: true, body: {message: other}}
  - request: GET /guarded?apikey=the-key-of-tom
    expect: {upstream: false, route: false}
`);
    assert.equal(run.passed, false);
    assert.deepEqual(run.results[0]?.place.start.line, 2);
    assert.deepEqual(failuresOf(run), [
      '8:15 status: 404, 200', '6:14 route: secure, open', '7:17 consumer: tom, none', '10:14 header X-A: b, a', '11:14 header X-B: matches x, not there',
      '12:16 header Server: not there, gateway', '13:13 body: ab, abc', '14:21 body: contains d, abc', '15:18 body: does not contain c, abc',
      '17:13 upstream: other, plain', '18:15 node: a:1, 127.0.0.1:1', '19:19 attempts: 2, 1', '20:17 method at the upstream: POST, GET', '21:15 path at the upstream: /, /open/x',
      '22:25 header Host at the upstream: example.com, localhost', '23:15 body at the upstream: {"a":1}, ',
      '25:36 body: {"message":"other"}, {"message":"Missing API key in request"}\n', '25:24 upstream: it receives the request, it received nothing',
      '27:38 route: none, guarded', '27:24 upstream: it receives nothing, it received GET /guarded',
    ]);
  });

  it('tells which time it failed, and is not sent further', async () => {
    const run = await runTexts(CONFIG, 'requests:\n  - {request: GET /several, times: 3, expect: {upstream: {node: "a.example.com:81"}}}\n');
    assert.deepEqual(failuresOf(run), ['2:65 node, time 2 of 3: a.example.com:81, b.example.com:82']);
  });

  it('shows no secret of its request', async () => {
    const run = await runTexts(CONFIG, `
requests:
  - {request: GET /open/?apikey=Zq9-hush, headers: {Authorization: Bearer Zq9-XyW7, Cookie: "a=b; sid=Zq9-sid", X-Api-Key: Zq9-x}, expect: {status: 404, contains: Zq9-x, lacks: Zq9, upstream: {path: Zq9-hush, headers: {Authorization: Zq9-XyW7}}}}
  - {request: GET /open/, expect: {upstream: {headers: {Authorization: Bearer Zq9-expected, X-Api-Key: Zq9-expected-too}}}}
`);
    const told = JSON.stringify(run.results);
    assert.equal(run.results[0]?.failures.length, 4);
    assert.match(told, /Bearer|\*{8}/);
    assert.doesNotMatch(told.replaceAll('does not contain Zq9', ''), /Zq9/);
  });

  it('tells of a bug that the request met', async () => {
    const broken = plugin({ name: 'broken', priority: 1, schema: { type: 'object' }, compile: () => ({ access() { throw new Error('met a bug'); } }) });
    const run = await runTexts('routes: [{uri: /, plugins: {broken: {}}}]', 'requests: [{request: GET /, expect: {status: 500}}]', {}, [broken]);
    assert.match(failuresOf(run).join(), /^1:\d+ a bug of the gateway, or of a plugin of your own: none, Error: met a bug/);
  });
});

describe('a file of cases', () => {
  it('is refused with all its mistakes, each at its place', async () => {
    const { diagnostics, passed } = await runTexts(CONFIG, `requests:
  - nam: x
    request: GET/ip
    headers: {apikey: Zq9-hush, "a b": c, X-N: 5}
    body: 5
    expect: {statuss: 200, status: "200"}
  - request: GET /
    answer: {fault: refusd}
    expect: {}
`);
    assert.equal(passed, false);
    assert.deepEqual(diagnostics.map(({ range, message, hint }) => `${range?.start.line}:${range?.start.column} ${message}${hint === undefined ? '' : ` (${hint})`}`), [
      '2:5 `requests[0]` has no field `nam` (did you mean `name`?)',
      '3:14 `requests[0].request` must be a method and a target, with one space between them (for example: GET /ip?a=1; the method in capitals, the target from its `/`, what is no plain ASCII percent-encoded)',
      '4:33 this is no name of a header',
      '4:48 `requests[0].headers.X-N` must be a text or a list, and is a number (put it in quotes: YAML reads an unquoted one as a number or a boolean, and may change it)',
      '5:11 `requests[0].body` must be a text or a mapping or a list, and is a number (put it in quotes: YAML reads an unquoted one as a number or a boolean, and may change it)',
      '6:14 `requests[0].expect` has no field `statuss` (did you mean `status`?)',
      '6:36 `requests[0].expect.status` must be a whole number, and is a text (remove the quotes: quoted it is a text)',
      '8:21 `requests[1].answer.fault` must be `refused`, `connect-timeout`, `timeout` or `reset` (did you mean `refused`?)',
      '9:13 `requests[1].expect` says nothing',
    ]);
    assert.doesNotMatch(draw(diagnostics), /Zq9/);
    assert.match(draw(diagnostics), /request: GET\/ip/);
  });

  it('is refused for what no schema can tell', async () => {
    const { diagnostics } = await runTexts(CONFIG, `requests:
  - {request: GET /, from: nowhere, expect: {headers: {X-A: {matches: "("}}, upstream: {headers: {X-B: {matches: "["}}}}}
`);
    assert.deepEqual(diagnostics.map(({ message }) => message), ['`requests[0].from` must be an IP address', 'this is no regular expression', 'this is no regular expression']);
  });

  it('is refused for a route that the configuration does not have', async () => {
    const { diagnostics } = await runTexts(CONFIG, 'requests:\n  - {request: GET /, expect: {route: gaurded}}\n  - {request: GET /, expect: {route: 5}}\n  - {request: GET /, expect: {route: false}}\n');
    assert.deepEqual(diagnostics.map(({ range, message, hint }) => `${range?.start.line}:${range?.start.column} ${message}: ${hint}`), [
      '2:38 there is no route `gaurded`: did you mean `guarded`?',
      '3:38 there is no route `5`: without an `id` a route goes by its place in the file: `arr_1`, `arr_2`, …',
    ]);
  });

  it('is not sent when the configuration is refused', async () => {
    const run = await runTexts('routes: [{uri: /, plugins: {key-atuh: {}}}]', 'requests: [{request: GET /, expect: {status: 200}}]');
    assert.deepEqual([run.passed, run.results.length, run.diagnostics.map(({ code }) => code)], [false, 0, ['unknown-plugin']]);
  });

  it('may say nothing of use', async () => {
    const { diagnostics } = await runTexts(CONFIG, '# nothing\n');
    assert.deepEqual(diagnostics.map(({ code, hint }) => `${code}: ${hint}`), ['file-empty: write `requests:`, and the cases below it']);
  });
});
