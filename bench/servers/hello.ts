/** The floor of everything that is built on node:http: it forwards nothing. */
import http from 'node:http';
import { listen } from './listen.js';

const SMALL = Buffer.alloc(200, 'x');
const LARGE = Buffer.alloc(65536, 'x');

listen(http.createServer((req, res) => {
  const body = req.url === '/64k' ? LARGE : SMALL;
  const answer = (): void => {
    res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    res.end(body);
  };
  if (req.method === 'GET') answer();
  else req.resume().once('end', answer);
}));
