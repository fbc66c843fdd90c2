// The certificates that make.sh has made, as the option `tls` takes them.
import { readFileSync } from 'node:fs'
import type { TcpTls } from '../../src/index.ts'

/**
 * `server`: for this machine. `elsewhere`: for another name. `device`: a client's. `impostor`: one
 * that another authority has signed.
 */
export type Name = 'server' | 'elsewhere' | 'device' | 'impostor'

/** Shows this certificate. */
export function showing(name: Name): TcpTls {
  return { cert: pem(name), key: pem(`${name}.key`) }
}

/** Trusts those that the authority has signed. */
export const trusting: TcpTls = { ca: pem('authority') }

function pem(name: string): string {
  return readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8')
}
