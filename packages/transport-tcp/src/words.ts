// Addresses and socket errors in words, for people.
import type { Socket } from 'node:net'
import { TransportError, type TransportErrorCode } from '@parley/core'
import type { TcpSettings } from './options.ts'

/** `tcp 127.0.0.1:4000`, `tcp [::1]:4000`. */
export function tcpWords(host: string, port: number): string {
  const plain = host.startsWith(MAPPED) ? host.slice(MAPPED.length) : host
  // Joined: what is put together in a template stays in its pieces for as long as it is kept.
  return ['tcp ', ...(plain.includes(':') ? ['[', plain, ']'] : [plain]), ':', port].join('')
}

/** An IPv4 address as a socket for both families shows it. */
const MAPPED = '::ffff:'

/** Who is at the other end of an accepted or connected socket. */
export function remoteWords(socket: Socket, { address }: TcpSettings): string {
  if ('path' in address) return `unix ${address.path}`
  return tcpWords(socket.remoteAddress ?? address.host ?? 'unknown', socket.remotePort ?? address.port)
}

/** Whom `connect` calls. */
export function targetWords({ address }: TcpSettings): string {
  return 'path' in address ? `unix ${address.path}` : tcpWords(address.host ?? DEFAULT_HOST, address.port)
}

/** Whom to call when no host was given. */
export const DEFAULT_HOST = 'localhost'

/** What befell a socket: `the connection was reset (ECONNRESET)`. */
export function errorWords(error: Error): string {
  const code = codeOf(error)
  const words = code === undefined ? undefined : WORDS.get(code)
  if (words !== undefined) return `${words} (${code})`
  return code ?? error.message
}

/** An attempt to connect or listen that the system ended with an error. */
export function systemError(attempt: string, fallback: TransportErrorCode, error: Error): TransportError {
  const code = CODES.get(codeOf(error) ?? '') ?? fallback
  return new TransportError(code, `${attempt}: ${errorWords(error)}`, { cause: error })
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there'],
  ['ECONNRESET', 'the connection was reset'],
  ['EPIPE', 'the peer has gone'],
  ['ETIMEDOUT', 'no answer'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name could not be looked up'],
  ['EHOSTUNREACH', 'no way to the host'],
  ['ENETUNREACH', 'no way to the network'],
  ['ENOENT', 'no such socket'],
  ['EADDRINUSE', 'the address is in use'],
  ['EADDRNOTAVAIL', 'the address is not of this machine'],
  ['EACCES', 'no permission'],
  ['EMFILE', 'too many open files'],
])

const CODES: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'refused'],
  ['EPIPE', 'refused'],
  ['ETIMEDOUT', 'timeout'],
])
