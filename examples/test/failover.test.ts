// Real processes, really killed: nothing that was answered is lost, and nothing happens twice.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { PrivatePostgres } from '../../scripts/postgres.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const timeout = 120_000
const unknown = /( {2}sale \d+, key [0-9a-f]{64}\/\d+: asked later, it is unknown\n)*/
const counted = /calls \d+, kills 3, done \d+, lost 0, doubled 0\nactivities 5, done 5, lost 0, doubled 0\n/
const answer = new RegExp(`^${counted.source}unknown \\d+\n${unknown.source}$`)

async function failover(
  ...args: readonly string[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const node = ['--conditions=@parley/source', '--import', '@oxc-node/core/register']
  const child = spawn(process.execPath, [...node, 'examples/failover/main.ts', ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [unknown]
  return { code, stdout, stderr }
}

it('one node that is killed and started again, with LMDB', { timeout }, async () => {
  const { code, stdout, stderr } = await failover('--calls', '100', '--activities', '5', '--kills', '3')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(answer)
})

it('two nodes that take over from each other, with PostgreSQL', { timeout }, async () => {
  const postgres = await PrivatePostgres.start()
  try {
    const { code, stdout, stderr } = await failover(
      '--calls',
      '100',
      '--activities',
      '5',
      '--kills',
      '3',
      '--postgres',
      postgres.url(),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(answer)
  } finally {
    await postgres.remove()
  }
})
