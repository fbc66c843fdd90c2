// Calls over TLS: who calls is known by the certificate of the connection, and stays so however often that is
// cut.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  call,
  connect,
  dialogue,
  remote,
  RpcError,
  serve,
  service,
  stream,
  unary,
  type Dialogue,
  type Server,
  type SessionApplicant,
  type Stream,
} from '@parley/rpc'
import { tcp, type TcpTls } from '@parley/transport-tcp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Cable } from '../files/cable.ts'

@service('gate.v1')
abstract class Gate {
  @unary() name(): Promise<string> {
    return remote()
  }
  @stream() count(to: number): Stream<number> {
    return remote(to)
  }
  @dialogue() ask(): Dialogue<string, string, string> {
    return remote()
  }
}

class GateService extends Gate {
  override async name() {
    return call().principal as string
  }
  override async *count(to: number) {
    for (let n = 1; n <= to; n++) yield n
  }
  override async *ask(): Dialogue<string, string, string> {
    const answer = yield `who are you, ${call().principal as string}?`
    return `welcome, ${answer}`
  }
}

const trusting: TcpTls = { ca: pem('authority') }

let server: Server
let cable: Cable

beforeEach(async () => {
  const tls = { ...showing('server'), ...trusting, requestCert: true }
  const authenticate = ({ certificate }: SessionApplicant): string => {
    if (certificate === undefined) throw new RpcError('UNAUTHENTICATED', 'show a certificate')
    return new X509Certificate(certificate).subjectAltName ?? 'nobody'
  }
  server = await serve({
    listen: tcp({ host: '127.0.0.1', port: 0, tls }),
    services: [new GateService()],
    authenticate,
  })
  cable = await Cable.to('127.0.0.1', server.port ?? 0)
})

afterEach(async () => {
  await cable[Symbol.asyncDispose]()
  await server.close()
})

function pem(name: string): string {
  const folder = new URL('../../packages/transport-tcp/test/tls/certificates/', import.meta.url)
  return readFileSync(new URL(`${name}.pem`, folder), 'utf8')
}

function showing(name: string): TcpTls {
  return { cert: pem(name), key: pem(`${name}.key`) }
}

it('the principal is who the certificate says, over one cut after the other', async () => {
  const tls = { ...trusting, ...showing('device') }
  const client = await connect(tcp({ host: '127.0.0.1', port: cable.port, tls }))
  const gate = client.stub(Gate)
  expect(await gate.name()).toBe('DNS:device-7.example')
  const items: number[] = []
  for await (const n of gate.count(30_000)) {
    items.push(n)
    if (n % 7000 === 0) cable.cut()
  }
  expect(items).toEqual(Array.from({ length: 30_000 }, (_, at) => at + 1))
  expect(await gate.name()).toBe('DNS:device-7.example')
  const talk = gate.ask()
  expect(await talk.next()).toEqual({ done: false, value: 'who are you, DNS:device-7.example?' })
  expect(await talk.next('a device')).toEqual({ done: true, value: 'welcome, a device' })
  await client.close()
})

it('nobody without a certificate has a session', async () => {
  const connecting = connect(tcp({ host: '127.0.0.1', port: cable.port, tls: trusting }))
  await expect(connecting).rejects.toThrow('the peer asks for a certificate: give tls.cert and tls.key')
})
