/** Targets and the canonical path that they come to; undefined for what is refused. */
export const TARGETS: readonly (readonly [target: string, path: string | undefined, decoded?: string])[] = [
  // as they are
  ['/', '/'], ['/ip', '/ip'], ['/a/b', '/a/b'], ['/a/b/', '/a/b/'], ['/a.b/.c/..d/e..', '/a.b/.c/..d/e..'], ['/...', '/...'],
  ['/a:b@c', '/a:b@c'], ['/a~!$&\'()*+,=', '/a~!$&\'()*+,='], ['/"<>{}|^`', '/"<>{}|^`'], ['/a;b', '/a;b'], ['/a;b=c/d', '/a;b=c/d'],
  ['/a?', '/a'], ['/a?b', '/a'], ['/?', '/'], ['/a?b=/../c', '/a'], ['/a?//', '/a'], ['/a?%zz', '/a'], ['/a?\\', '/a'], ['/a?b?c', '/a'],
  // slashes
  ['//', '/'], ['///', '/'], ['//a', '/a'], ['/a//b', '/a/b'], ['/a//', '/a/'], ['//evil.test/x', '/evil.test/x'], ['/a///b//', '/a/b/'],
  // dots
  ['/.', '/'], ['/./', '/'], ['/./a', '/a'], ['/a/.', '/a/'], ['/a/./b', '/a/b'], ['/a/..', '/'], ['/a/../', '/'], ['/a/../b', '/b'],
  ['/public/../admin', '/admin'], ['/public/x/../../admin', '/admin'], ['/a/b/../../c/', '/c/'], ['/a//../b', '/b'], ['/x;a/../admin', '/admin'],
  ['/..', undefined], ['/../', undefined], ['/../admin', undefined], ['//../admin', undefined], ['/a/../../b', undefined], ['/./../b', undefined],
  // dots in disguise
  ['/%2e', '/'], ['/%2E/a', '/a'], ['/a/%2e%2e/b', '/b'], ['/a/.%2e/b', '/b'], ['/a/%2E./b', '/b'], ['/%2e%2e/admin', undefined],
  ['/a/..;/b', undefined], ['/a/..;x=y/b', undefined], ['/a/.;/b', undefined], ['/a/%2e%2e;/b', undefined], ['/a/..%3b/b', undefined], ['/a/%2e%2e%3bx/b', undefined],
  ['/a/..%2fb', undefined], ['/a%2f..%2fb', undefined], ['/a/%2e%2e%2Fb', undefined], ['/a%2f../b', undefined], ['/a%2fb/../c', '/c'], ['/a%2f.', undefined],
  ['/a/%252e%252e/b', undefined], ['/a/%252e%252e%252fb', undefined], ['/a/.%252e/b', undefined], ['/a/%252e/b', undefined], ['/a%252f..%252fb', undefined],
  ['/a/..%255cb', undefined], ['/a/%c0%ae%c0%ae/b', undefined], ['/a/\xc0\xae\xc0\xae/b', undefined], ['/a%c0%afb', undefined], ['/a/%e0%80%ae/b', undefined],
  // other encoding is kept, and matched decoded
  ['/%61dmin', '/%61dmin', '/admin'], ['/a%20b', '/a%20b', '/a b'], ['/a%2fb', '/a%2fb', '/a/b'], ['/a%2Fb', '/a%2Fb', '/a/b'], ['/%2561', undefined], ['/%252Fadmin', undefined], ['/%252e', undefined], ['/%2525', '/%2525', '/%25'], ['/%253A', undefined], ['/%2541', undefined], ['/%2Fadmin', undefined], ['/a%2F/b', undefined], ['/a/%2fb', undefined], ['/a%2f%2fb', undefined],
  ['/caf%C3%A9', '/caf%C3%A9', '/caf\xc3\xa9'], ['/caf\xc3\xa9', '/caf\xc3\xa9', '/caf\xc3\xa9'], ['/caf%E9', '/caf%E9', '/caf\xe9'], ['/caf%C3%A9/%FF', '/caf%C3%A9/%FF', '/caf\xc3\xa9/\xff'], ['/a%3Fb', '/a%3Fb', '/a?b'], ['/a%23b', '/a%23b', '/a#b'], ['/a%3bb', '/a%3bb', '/a;b'],
  // what no two servers understand alike
  ['/a\\b', undefined], ['/a\\..\\b', undefined], ['/\\evil/x', undefined], ['/a%5cb', undefined], ['/a%5Cb', undefined], ['/a%00', undefined],
  ['/a#b', undefined], ['/#', undefined], ['/a?b#c', undefined], ['/a/../b?c#d', undefined], ['/%', undefined], ['/%2', undefined], ['/%zz', undefined], ['/a%u002e', undefined],
  ['/a\tb', undefined], ['/a\x7fb', undefined], ['/a\x01b', undefined], ['/a?b\tc', undefined], ['/a b', undefined],
  // other forms
  ['*', undefined], ['', undefined], ['a', undefined], ['host:80', undefined], ['?a', undefined], ['#', undefined], ['.', undefined], ['\\', undefined],
  ['http://h', '/'], ['http://h/', '/'], ['HTTP://h/a', '/a'], ['https://h/a', '/a'], ['http://h?a', '/'], ['http://h/a/../b', '/b'], ['http://h//a', '/a'],
  ['http://h/../a', undefined], ['http://', undefined], ['http:///a', undefined], ['http://u@h/a', undefined], ['http://h#a', undefined], ['http://h/#a', undefined],
  ['http://h\\a', undefined], ['ftp://h/a', undefined], ['http:/a', undefined], ['ws://h/a', undefined],
];
