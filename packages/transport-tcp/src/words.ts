// Addresses and socket errors in words, for people.
import type { Socket } from 'node:net'
import { TransportError, type TransportErrorCode } from '@parley/core'
import type { TcpSettings } from './options.ts'

/** `tcp 127.0.0.1:4000`, `tls [::1]:4000`. */
export function hostWords({ tls }: TcpSettings, host: string, port: number): string {
  const plain = host.startsWith(MAPPED) ? host.slice(MAPPED.length) : host
  // Joined: what is put together in a template stays in its pieces for as long as it is kept.
  return [
    tls === undefined ? 'tcp ' : 'tls ',
    ...(plain.includes(':') ? ['[', plain, ']'] : [plain]),
    ':',
    port,
  ].join('')
}

/** An IPv4 address as a socket for both families shows it. */
const MAPPED = '::ffff:'

/** Who is at the other end of an accepted or connected socket. */
export function remoteWords(socket: Socket, settings: TcpSettings): string {
  const { address } = settings
  if ('path' in address) return `unix ${address.path}`
  return hostWords(
    settings,
    socket.remoteAddress ?? address.host ?? 'unknown',
    socket.remotePort ?? address.port,
  )
}

/** Whom `connect` calls. */
export function targetWords(settings: TcpSettings): string {
  const { address } = settings
  if ('path' in address) return `unix ${address.path}`
  return hostWords(settings, address.host ?? DEFAULT_HOST, address.port)
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

/** The code that Node gave an error, `ECONNRESET` for one. */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const UNTRUSTED = 'its certificate is signed by nobody trusted here: see tls.ca'

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
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'what the peer speaks is not TLS'],
  ['ERR_SSL_HTTP_REQUEST', 'the peer sent an HTTP request, not TLS'],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'it showed no certificate'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the peer asks for a certificate: give tls.cert and tls.key'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'the peer does not trust the certificate here'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name: see tls.servername'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
])

const CODES: ReadonlyMap<string, TransportErrorCode> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'refused'],
  ['EPIPE', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'refused'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted'],
  ['CERT_HAS_EXPIRED', 'untrusted'],
  ['CERT_NOT_YET_VALID', 'untrusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
])
