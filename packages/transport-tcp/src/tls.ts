// TLS under the TPKTs: what a user can set of it, and the connecting side's sessions.
import type { Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContextOptions,
  TLSSocket,
  type TlsOptions,
} from 'node:tls'

/**
 * How connections are encrypted, in the words of `node:tls`. Listening takes `cert` and `key`, and
 * `requestCert` with `ca` where clients have to show certificates of their own. Connecting takes `ca` where
 * the server's certificate is not signed by an authority that Node knows, and `cert` and `key` where the
 * server asks for them.
 */
export interface TcpTls extends SecureContextOptions, Pick<ConnectionOptions & TlsOptions, Forwarded> {}

type Forwarded =
  | 'ALPNProtocols'
  | 'SNICallback'
  | 'checkServerIdentity'
  | 'rejectUnauthorized'
  | 'requestCert'
  | 'servername'

/** Checks the option. Throws TypeError where `node:tls` takes no such key, certificate or setting. */
export function readTls(tls: boolean | TcpTls | undefined): TlsSettings | undefined {
  if (tls === undefined || tls === false) return undefined
  const own: TcpTls = Object.assign(Object.create(null) as object, tls === true ? {} : tls)
  try {
    return new TlsSettings({ ...own, secureContext: createSecureContext(own) })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TypeError(`tls has a key, certificate or setting that cannot be used: ${reason}`, {
      cause: error,
    })
  }
}

/** The certificate of the peer, if there is one that was verified. */
export function certificateOf(socket: Socket): Uint8Array | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const certificate = socket.getPeerX509Certificate()
  return certificate === undefined ? undefined : new Uint8Array(certificate.raw)
}

/** The options, and what was agreed on with the server when it was called last. */
export class TlsSettings {
  readonly options: ConnectionOptions & TlsOptions
  #session: Buffer | undefined

  constructor(options: ConnectionOptions & TlsOptions) {
    this.options = options
  }

  /**
   * Opens a socket. A server that knows the last session goes on from it: a session that has lost its
   * connection is back without another exchange of certificates.
   */
  connect(port: number, host: string): TLSSocket {
    const session = this.#session === undefined ? {} : { session: this.#session }
    const socket = connect({ ...this.options, ...session, port, host })
    return socket.on('session', (agreed) => (this.#session = agreed))
  }
}
