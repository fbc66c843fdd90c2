// The human's side: `client.ts [--host 127.0.0.1] [--port 4000] [--answers FILE]`. Asks at the terminal, or
// takes the answers from a file. "back" takes both sides one step back; "quit" ends the dialogue, and nothing
// is deleted.
import { parseArgs } from 'node:util'
import { connect, isRpcError, type RemoteDialogue } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { harmless, paintFor, sizeText } from '../files/terminal.ts'
import { Cleaner, type Answer, type Proposal, type Report } from './contract.ts'
import { atTerminal, fromFile, type Human } from './human.ts'

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4000' },
    answers: { type: 'string' },
  },
})
const paint = paintFor(process.stdout)

try {
  await approve()
} catch (thrown) {
  if (!isRpcError(thrown)) throw thrown
  console.error(paint('red', harmless(`${thrown.code}: ${thrown.message}`)))
  process.exitCode = 1
}

async function approve(): Promise<void> {
  if (options.answers === undefined && !process.stdin.isTTY) {
    console.error('there is no terminal to ask at: give the answers in a file, --answers FILE')
    process.exitCode = 1
    return
  }
  using human =
    options.answers === undefined
      ? atTerminal(process.stdin, process.stdout)
      : await fromFile(options.answers, (line) => console.log(line))
  await using client = await connect(tcp({ host: options.host, port: Number(options.port) }))
  const report = await decide(client.stub(Cleaner).clean(), human)
  if (report === undefined) console.log('left: nothing was deleted')
  else show(report)
  const end = await client.release({ reason: 'all is decided' })
  console.log(end.released ? 'both sides agreed to end' : `the agent goes on: ${end.reason}`)
}

/** Answers turn by turn. Undefined when the human left. */
async function decide(
  talk: RemoteDialogue<Proposal, Answer, Report>,
  human: Human,
): Promise<Report | undefined> {
  /** The points of what was answered, the last one last. */
  const answered: number[] = []
  let said = await talk.next()
  while (said.done !== true) {
    const proposal = said.value
    const word = await human.ask(questionOf(proposal))
    if (word === 'quit') {
      await talk.return()
      return undefined
    }
    if (word === 'back') {
      said = await talk.rewind(answered.pop() ?? 0)
      continue
    }
    answered.push(proposal.point)
    said = await talk.next(word)
  }
  return said.value
}

function questionOf(proposal: Proposal): string {
  if (proposal.kind === 'file') {
    const { step, of, path, size, why } = proposal
    const file = `${paint('bold', harmless(path))} (${sizeText(size)})`
    return `${step}/${of} delete ${file}? ${harmless(why)} [yes/no/back/quit] `
  }
  const { paths, size } = proposal
  return `delete ${paths.length} files, ${sizeText(size)} together? [yes/no/back/quit] `
}

function show({ deleted, spared, freed }: Report): void {
  for (const path of deleted) console.log(`${paint('green', 'deleted')} ${harmless(path)}`)
  for (const path of spared) console.log(`${paint('red', 'spared')} ${harmless(path)}`)
  console.log(`${deleted.length} deleted, ${sizeText(freed)} freed`)
}
