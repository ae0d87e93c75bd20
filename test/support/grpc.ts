import {
  credentials, Metadata, Server, ServerCredentials, status, type ChannelCredentials, type Client, type ServiceDefinition, type UntypedServiceImplementation, makeGenericClientConstructor,
  type ServerUnaryCall, type sendUnaryData, type ServerWritableStream, type ServerReadableStream, type ServerDuplexStream, type ClientReadableStream, type ClientWritableStream, type ClientDuplexStream, type ClientUnaryCall, type ServiceError,
} from '@grpc/grpc-js';
import type { Closing } from './gateway.js';

const bytes = { requestSerialize: (text: string) => Buffer.from(text), requestDeserialize: String, responseSerialize: (text: string) => Buffer.from(text), responseDeserialize: String };
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({ path: `/test.Echo/${name}`, requestStream, responseStream, ...bytes });

/** A service of each kind of call; messages are texts. */
const ECHO: ServiceDefinition = { unary: method('Unary', false, false), many: method('Many', false, true), collect: method('Collect', true, false), chat: method('Chat', true, true) };

type Answer = (error: ServiceError | null, value?: string) => void;

/** Its client. */
export interface EchoClient extends Client {
  unary(text: string, metadata: Metadata, options: { deadline?: number }, done: Answer): ClientUnaryCall;
  many(text: string): ClientReadableStream<string>;
  collect(done: Answer): ClientWritableStream<string>;
  chat(): ClientDuplexStream<string, string>;
}

/** A gRPC server, and what it has met. */
export interface GrpcUpstream {
  readonly port: number;
  readonly calls: string[];
  readonly cancelled: string[];
  readonly metadata: Metadata[];
  /** Lets calls end, and takes no more. */
  drain(): Promise<void>;
}

/** Starts the service. `Unary` of `fail` is an error of its own; of `hang`, never answered; `Many` of a number says so many. */
export async function startGrpc(closing: Closing, secure?: ServerCredentials): Promise<GrpcUpstream> {
  const server = new Server();
  const seen = { calls: [] as string[], cancelled: [] as string[], metadata: [] as Metadata[] };
  server.addService(ECHO, echo(seen) as unknown as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', secure ?? ServerCredentials.createInsecure(), (error, at) => (error ? reject(error) : resolve(at))));
  closing.after(() => server.forceShutdown());
  return { port, ...seen, drain: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}

function echo({ calls, cancelled, metadata }: Pick<GrpcUpstream, 'calls' | 'cancelled' | 'metadata'>) {
  return {
    unary(call: ServerUnaryCall<string, string>, done: sendUnaryData<string>) {
      calls.push(call.request);
      metadata.push(call.metadata);
      call.on('cancelled', () => cancelled.push(call.request));
      if (call.request === 'hang') return;
      const trailer = new Metadata();
      trailer.set('x-trailer', 'told');
      if (call.request === 'fail') done({ code: status.FAILED_PRECONDITION, details: 'not now', metadata: trailer });
      else done(null, `echo ${call.request}`, trailer);
    },
    many(call: ServerWritableStream<string, string>) {
      call.on('cancelled', () => cancelled.push('many'));
      for (let i = 0; i < Number(call.request); i++) call.write(String(i).padStart(1000, '.'));
      call.end();
    },
    collect(call: ServerReadableStream<string, string>, done: sendUnaryData<string>) {
      let size = 0;
      call.on('data', (text: string) => (size += text.length));
      call.on('end', () => done(null, String(size)));
    },
    chat(call: ServerDuplexStream<string, string>) {
      call.on('data', (text: string) => call.write(`you said ${text}`));
      call.on('end', () => call.end());
    },
  };
}

/** Makes a client; it closes after the test. */
export function grpcClient(closing: Closing, port: number, how: ChannelCredentials = credentials.createInsecure(), options = {}): EchoClient {
  const client = new (makeGenericClientConstructor(ECHO, 'Echo'))(`127.0.0.1:${port}`, how, options) as unknown as EchoClient;
  closing.after(() => client.close());
  return client;
}

/** One unary call: its value, or its error; and the trailers. */
export function unary(client: EchoClient, text: string, options: { deadline?: number } = {}, headers: Record<string, string> = {}): Promise<{ value: string | undefined; error: ServiceError | null; trailers: Metadata }> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve) => {
    let trailers = new Metadata();
    const answer: { value: string | undefined; error: ServiceError | null }[] = [];
    const call = client.unary(text, metadata, options, (error, value) => answer.push({ error, value }));
    call.on('status', ({ metadata: last }) => {
      trailers = last;
      setImmediate(() => resolve({ value: answer[0]?.value, error: answer[0]?.error ?? null, trailers }));
    });
  });
}
