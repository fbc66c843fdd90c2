// Writes a README's blocks into a folder, type-checks them and runs the programs among them: servers until
// the rest is done, the others to their end. Everything happens below examples/.cache, which git ignores.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { rootFolder, toolPath } from '../../scripts/workspace.ts'
import { type CodeBlock, fileNameOf, programs, textOf } from './blocks.ts'

/** The port that a README's server listens on; a free one takes its place when the blocks are run. */
const readmePort = /\b4000\b/g
const longestRun = 20_000
const root = join(rootFolder, 'examples', '.cache', 'readme')

/** One README, as files. */
export interface Extracted {
  readonly folder: string
  readonly port: number
  readonly blocks: readonly CodeBlock[]
}

/** What a program did. */
export interface Outcome {
  readonly block: CodeBlock
  /** undefined: a server, stopped at the end as it should be. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Writes the blocks of one README into a folder of its own, afresh. */
export async function extract(name: string, blocks: readonly CodeBlock[]): Promise<Extracted> {
  const folder = join(root, name)
  const port = await freePort()
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  for (const block of blocks) {
    writeFileSync(join(folder, fileNameOf(block)), textOf(block, blocks).replace(readmePort, String(port)))
  }
  return { folder, port, blocks }
}

/** What the compiler says, by the name of the file; files without complaint are not in it. */
export function typeCheck({ folder }: Extracted): Map<string, string> {
  const { stdout, status } = spawnSync(toolPath('tsc'), ['-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const complaints = new Map<string, string>()
  if (status === 0) return complaints
  let file = ''
  for (const line of stdout.split('\n')) {
    file = /^([^\s(]+)\(\d+,\d+\)/.exec(line)?.[1] ?? file
    if (file === '') throw new Error(stdout)
    complaints.set(file, `${complaints.get(file) ?? ''}${line}\n`)
  }
  return complaints
}

/** Runs the programs of one README in their order and returns what each did, in the same order. */
export async function runPrograms({ folder, port, blocks }: Extracted): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const servers: { index: number; stop: () => Promise<Outcome> }[] = []
  try {
    for (const block of programs(blocks)) {
      const running = start(folder, block)
      if (block.file?.startsWith('server') === true) {
        servers.push({ index: outcomes.length, stop: () => stop(running, block) })
        await Promise.race([accepting(port), running.ended])
      }
      outcomes.push(block.file?.startsWith('server') === true ? pending(block) : await finish(running, block))
    }
  } finally {
    for (const { index, stop: stopServer } of servers) outcomes[index] = await stopServer()
  }
  return outcomes
}

interface Running {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<unknown>
}

const tsconfig = {
  extends: '../../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    allowImportingTsExtensions: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
  },
  include: ['*.ts'],
}

function start(folder: string, block: CodeBlock): Running {
  const args = ['--conditions=@parley/source', '--import', '@oxc-node/core/register', fileNameOf(block)]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestRun,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (output.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()))
  return { child, output, ended: once(child, 'close') }
}

async function finish({ child, output, ended }: Running, block: CodeBlock): Promise<Outcome> {
  await ended
  return { block, exitCode: child.exitCode ?? -1, ...output }
}

/** Ends a server; one that had ended by itself is an outcome with that exit code. */
async function stop({ child, output, ended }: Running, block: CodeBlock): Promise<Outcome> {
  const exitCode = child.exitCode ?? undefined
  child.kill('SIGKILL')
  await ended
  return { block, exitCode, ...output }
}

function pending(block: CodeBlock): Outcome {
  return { block, exitCode: undefined, stdout: '', stderr: '' }
}

/** Resolves when something accepts connections on the port. */
async function accepting(port: number): Promise<void> {
  for (let tries = 0; tries < longestRun / 25; tries++) {
    const socket = connect(port, 'localhost')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
