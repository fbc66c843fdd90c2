// The options: what is refused, and that only own properties count.
import { afterEach, describe, expect, it } from 'vitest'
import { tcp, type TcpOptions, tcpLimits } from '../src/index.ts'
import { readOptions } from '../src/options.ts'

describe('options', () => {
  it('have the defaults of tcpLimits', () => {
    expect(readOptions({ port: 4000 })).toMatchObject({
      address: { port: 4000, host: undefined },
      maxTpduSize: tcpLimits.tpduOctets,
      expedited: false,
      noDelay: true,
      keepAlive: tcpLimits.keepAlive,
      connectTimeout: tcpLimits.connectTimeout,
      handshakeTimeout: tcpLimits.handshakeTimeout,
      highWaterMark: tcpLimits.highWaterMark,
      backlog: tcpLimits.backlog,
      maxHalfOpen: tcpLimits.halfOpen,
      maxHalfOpenPerHost: tcpLimits.halfOpenPerHost,
    })
  })

  it.each<[TcpOptions, string]>([
    [{}, 'give a port or a path'],
    [{ host: 'localhost' }, 'give a port or a path'],
    [{ port: 1, path: '/x' }, 'give either path, or port and host'],
    [{ path: '' }, 'path is empty'],
    [{ port: -1 }, 'port is a whole number from 0 to 65535, not -1'],
    [{ port: 70_000 }, 'port is a whole number'],
    [{ port: 1, maxTpduSize: 127 }, 'maxTpduSize is a whole number from 128 to 65531, not 127'],
    [{ port: 1, maxTpduSize: 65_532 }, 'maxTpduSize is'],
    [{ port: 1, connectTimeout: 0 }, 'connectTimeout is'],
    [{ port: 1, handshakeTimeout: Number.NaN }, 'handshakeTimeout is'],
    [{ port: 1, keepAlive: 0 }, 'keepAlive is'],
    [{ port: 1, highWaterMark: 1.5 }, 'highWaterMark is'],
    [{ port: 1, backlog: 0 }, 'backlog is'],
    [{ port: 1, maxHalfOpen: 0 }, 'maxHalfOpen is'],
    [{ port: 1, selector: '' }, 'selector has 1 to 32 octets, not 0'],
    [
      { port: 1, calledSelector: 'x'.repeat(tcpLimits.selectorOctets + 1) },
      'calledSelector has 1 to 32 octets, not 33',
    ],
    [{ port: 1, callingSelector: 'ü'.repeat(17) }, 'callingSelector has 1 to 32 octets, not 34'],
  ])('%j is refused', (options, message) => {
    expect(() => tcp(options)).toThrow(message)
  })

  it('refuse a number given as text', () => {
    const fromEnvironment = { port: '4000' } as unknown as TcpOptions
    expect(() => tcp(fromEnvironment)).toThrow('port is a whole number from 0 to 65535, not 4000')
  })
})

describe('options in a process with a polluted prototype', () => {
  const polluted = Object.prototype as { path?: string }

  afterEach(() => {
    delete polluted.path
  })

  it('are read by own property', () => {
    polluted.path = '/tmp/elsewhere'
    expect(readOptions({ port: 4000 }).address).toEqual({ port: 4000, host: undefined })
  })
})
