/** What a large file has many of. */
export type Kind = 'routes' | 'consumers';

/** A configuration of so many routes or consumers, with an open route `/open`; each edit is another text. */
export function largeFile(kind: Kind, size: number, port: number, edit = 0): string {
  const many = Array.from({ length: size }, (_, i) => (kind === 'routes' ? route(i) : consumer(i))).join('');
  return `# edit ${edit}
gateway:
  listen: 127.0.0.1:0
upstreams:
  - id: up
    nodes:
      "127.0.0.1:${port}": 1
consumers:
  - username: tom
    plugins:
      key-auth:
        key: secret-key
${kind === 'consumers' ? many : ''}routes:
  - id: open
    uri: /open
    desc: edit ${edit}
    upstream_id: up
${kind === 'routes' ? many : ''}#END
`;
}

const route = (i: number): string => `  - id: route-${i}
    name: service ${i}   # of the shop
    uri: /service-${i}/*
    methods: [GET, POST]
    labels: {team: t${i % 7}, tier: "gold"}
    upstream_id: up
    plugins:
      key-auth:
        hide_credentials: true
`;

const consumer = (i: number): string => `  - username: user-${i}
    plugins:
      key-auth:
        key: key-of-user-${i}
`;
