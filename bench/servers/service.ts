/** An upstream as services are: node:http, and the headers that a web framework sends with an answer. */
import http from 'node:http';
import { listen } from './listen.js';

const BODY = 'x'.repeat(200);

const server = http.createServer((req, res) => {
  req.resume();
  res.setHeader('X-Powered-By', 'Express');
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', BODY.length);
  res.setHeader('ETag', 'W/"c8-5f1l0Qm7cUqW2vK3"');
  res.setHeader('Vary', 'Accept-Encoding');
  res.end(BODY);
});
// http-proxy-3 by itself ends its process when a kept connection is closed between two rounds
server.keepAliveTimeout = 3_600_000;
listen(server);
