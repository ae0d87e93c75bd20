/** The shortest proxy that node:http allows: a server, a client that keeps connections, and two pipes. */
import http from 'node:http';
import { listen } from './listen.js';

const [upstream] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });

listen(http.createServer((req, res) => {
  const out = http.request({ host: '127.0.0.1', port: Number(upstream), method: req.method, path: req.url, headers: req.headers, agent }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  out.once('error', () => res.destroy());
  req.pipe(out);
}));
