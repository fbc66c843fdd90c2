// The transport contract on every kind of socket, and with TPDUs of every size.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeTransport, type TransportFixture } from '@parley/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { tcp, type TcpOptions } from '../src/index.ts'
import { showing, trusting } from './tls/certificates.ts'

const api = { describe, it, expect }
const folder = mkdtempSync(join(tmpdir(), 'parley-'))
let paths = 0

afterAll(() => rmSync(folder, { recursive: true }))

function onPort(options: Omit<TcpOptions, 'port'>): () => TransportFixture {
  return () => ({
    transport: tcp({ ...options, port: 0 }),
    dial: ({ port = 0 }) => tcp({ ...options, port }),
  })
}

describeTransport('IPv4', onPort({ host: '127.0.0.1' }), api)
describeTransport('IPv6', onPort({ host: '::1' }), api)
describeTransport('a Unix socket', () => ({ transport: tcp({ path: join(folder, String(paths++)) }) }), api)
describeTransport('the defaults', onPort({}), api)
describeTransport('the smallest TPDUs', onPort({ host: '127.0.0.1', maxTpduSize: 128 }), api)
describeTransport('expedited data', onPort({ host: '127.0.0.1', expedited: true }), api)
describeTransport(
  'expedited data between the smallest TPDUs',
  onPort({ host: '127.0.0.1', expedited: true, maxTpduSize: 128 }),
  api,
)
describeTransport('TPDUs of 3,000 octets', onPort({ host: '127.0.0.1', maxTpduSize: 3000 }), api)
describeTransport('TLS', onPort({ host: '127.0.0.1', tls: { ...showing('server'), ...trusting } }), api)
