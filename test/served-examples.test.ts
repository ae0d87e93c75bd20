import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { credentials, makeGenericClientConstructor, Metadata, Server, ServerCredentials, status, type Client, type sendUnaryData, type ServerUnaryCall, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import { ask } from './support/client.js';
import { startUpstream } from './support/counting-upstream.js';
import { copyExample, serveCopy, withoutOpenssl } from './support/example.js';
import type { Closing } from './support/gateway.js';
import { ask2, openSession } from './support/http2.js';

test('the example tls shows each name its certificate, and lets in whoever shows the right one', { skip: withoutOpenssl }, async (t) => {
  const after = (end: () => unknown): void => t.after(end);
  const upstream = await startUpstream('httpbin');
  after(() => upstream.close());
  const folder = copyExample('tls', after);
  const [plain = '', secure = ''] = await serveCopy(folder, [9081, upstream.port], after);
  const file = (name: string): Buffer => readFileSync(join(folder, 'certs', name));
  const statusFor = async (name: string, path: string, shown?: string): Promise<number | undefined> => {
    const own = shown === undefined ? {} : { cert: file(`${shown}.pem`), key: file(`${shown}.key`) };
    const session = openSession(t, secure, { ca: file('ca.pem'), rejectUnauthorized: true, servername: name, ...own });
    return (await ask2(session, { ':path': path, ':authority': name })).status;
  };
  assert.equal(await statusFor('shop.test', '/anything/bags'), 200);
  assert.equal(await statusFor('www.shop.test', '/anything/bags'), 200);
  assert.equal(await statusFor('partners.test', '/anything/orders'), 400);
  assert.equal(await statusFor('partners.test', '/anything/orders', 'shop'), 400);
  assert.equal(await statusFor('partners.test', '/anything/orders', 'client'), 200);
  for (const name of ['shop.test', 'partners.test']) {
    const { status: code, headers } = await ask(`${plain}/anything/bags`, { headers: { Host: name } });
    assert.deepEqual([code, headers.location], [301, `https://${name}:9443/anything/bags`]);
  }
});

test('the example grpc lets in who sends a key as metadata', async (t) => {
  const after = (end: () => unknown): void => t.after(end);
  const { port, seen } = await startGreeter(t);
  const [url = ''] = await serveCopy(copyExample('grpc', after), [50051, port], after);
  const client = new (makeGenericClientConstructor(GREETER, 'Greeter'))(new URL(url).host, credentials.createInsecure()) as unknown as Greeter;
  after(() => client.close());
  const greet = (key?: string): Promise<string | undefined> => new Promise((resolve) => {
    const metadata = new Metadata();
    if (key !== undefined) metadata.set('apikey', key);
    client.sayHello('Tom', metadata, (error, message) => resolve(error ? status[error.code] : message));
  });
  assert.equal(await greet(), 'UNAUTHENTICATED');
  assert.equal(await greet('wrong-key'), 'UNAUTHENTICATED');
  assert.equal(await greet('tom-key'), 'Hello Tom');
  assert.deepEqual(seen.map((metadata) => [metadata.get('x-consumer-username'), metadata.get('apikey')]), [[['tom'], []]]);
});

interface Greeter extends Client {
  sayHello(name: string, metadata: Metadata, done: (error: ServiceError | null, message?: string) => void): void;
}

/** HelloRequest and HelloReply have one text each, as field 1. */
const encode = (text: string): Buffer => Buffer.from(`\n${String.fromCharCode(Buffer.byteLength(text))}${text}`);
const decode = (bytes: Buffer): string => bytes.toString('utf8', 2);
const GREETER: ServiceDefinition = {
  sayHello: { path: '/helloworld.Greeter/SayHello', requestStream: false, responseStream: false, requestSerialize: encode, requestDeserialize: decode, responseSerialize: encode, responseDeserialize: decode },
};

async function startGreeter(closing: Closing): Promise<{ readonly port: number; readonly seen: readonly Metadata[] }> {
  const seen: Metadata[] = [];
  const server = new Server();
  server.addService(GREETER, {
    sayHello({ request, metadata }: ServerUnaryCall<string, string>, done: sendUnaryData<string>) {
      seen.push(metadata);
      done(null, `Hello ${request}`);
    },
  });
  closing.after(() => server.forceShutdown());
  const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) => (error ? reject(error) : resolve(at))));
  return { port, seen };
}
