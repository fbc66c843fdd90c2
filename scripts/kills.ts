// Calls that go on while servers are killed with SIGKILL, on both durable stores: `npm run kills -- --count
// N`. Half of the kills hit a node with a file of its own (LMDB), half hit two nodes with one PostgreSQL,
// which is started here.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { PrivatePostgres } from './postgres.ts'
import { rootFolder } from './workspace.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '100' } } })
const kills = Math.ceil(Number(values.count) / 2)

const onFile = await run([])
const postgres = await PrivatePostgres.start()
const onServer = await run(['--postgres', postgres.url()])
await postgres.stop()
process.exitCode = onFile === 0 && onServer === 0 ? 0 : 1

async function run(store: readonly string[]): Promise<number | null> {
  const node = ['--conditions=@parley/source', '--import', '@oxc-node/core/register']
  const args = ['examples/failover/main.ts', '--kills', `${kills}`, '--calls', `${kills}`, ...store]
  const child = spawn(process.execPath, [...node, ...args], { cwd: rootFolder, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}
