// Calls, dialogues and activities over real TCP as others see them: in text, and in captures that tshark
// reads without a complaint.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tap, text } from '@parley/core'
import {
  activity,
  call,
  connect,
  dialogue,
  DialogueProblem,
  implement,
  Rewound,
  serve,
  service,
  type Client,
  type ConnectOptions,
  withOptions,
  type Activity,
  type Dialogue,
  type ServiceImplementation,
} from '@parley/rpc'
import { pcap, tcp } from '@parley/transport-tcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hello } from '../hello/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-wire-'))

afterAll(() => rmSync(folder, { recursive: true }))

@service('quiz.v1')
class Quiz {
  /** Lets a turn last until the test has done something in it. */
  thinking: Promise<void> = Promise.resolve()
  @dialogue() ask(): Dialogue<number, string, string> {
    return this.asking()
  }
  async *asking(): AsyncGenerator<number, string, string> {
    const talk = call().dialogue
    for (let n = 1; ; n++) {
      try {
        await talk.checkpoint(`question ${n}`)
        if ((yield n) === 'enough') break
        await this.thinking
      } catch (thrown) {
        if (!(thrown instanceof Rewound) && !(thrown instanceof DialogueProblem)) throw thrown
      }
    }
    await talk.commit()
    return 'bye'
  }
}

/** Serves over TCP, and lets `use` call through a client whose traffic is taken down twice. */
async function captured(
  name: string,
  services: ServiceImplementation[],
  use: (client: Client) => Promise<void>,
  limits: ConnectOptions['limits'] = {},
): Promise<Captured> {
  const file = join(folder, `${name}.pcap`)
  const lines: string[] = []
  await using server = await serve({ listen: tcp({ host: '127.0.0.1', port: 0 }), services })
  const capture = pcap(file)
  const plain = tcp({ host: '127.0.0.1', port: server.port ?? 0 })
  const client = await connect(
    tap(
      tap(plain, capture),
      text((line) => lines.push(line)),
    ),
    { limits },
  )
  await use(client)
  await client.close()
  capture.close()
  return { file, lines }
}

interface Captured {
  readonly file: string
  /** In text. */
  readonly lines: readonly string[]
}

describe('a call', () => {
  let call: Captured
  let answer = ''

  beforeAll(async () => {
    const hello = implement(Hello, { greet: async (name) => `Hello, ${name}!` })
    call = await captured('call', [hello], async (client) => {
      answer = await client.stub(Hello).greet('world')
    })
  })

  it('in text: connect, accept, one SSDU each way, release', () => {
    expect(answer).toBe('Hello, world!')
    const spdus = call.lines.map((line) => / (CN|AC|GT · DT|FN|DN) /.exec(`${line} `)?.[1]).filter(Boolean)
    expect(spdus).toEqual(['CN', 'AC', 'GT · DT', 'GT · DT', 'FN', 'DN'])
  })

  it.runIf(hasTshark())('to tshark: the same session PDUs, in order, none malformed', () => {
    // SI 13 CONNECT, 14 ACCEPT, 1 and 1 GIVE TOKENS and DATA TRANSFER, 9 FINISH, 10 DISCONNECT.
    expect(tshark(call.file, 'ses', 'ses.type')).toEqual(['13', '14', '1,1', '1,1', '9', '10'])
    expect(tshark(call.file, '_ws.malformed', 'frame.number')).toEqual([])
  })
})

describe('a call on a session that is released in agreement', () => {
  let call: Captured

  beforeAll(async () => {
    const hello = implement(Hello, { greet: async (name) => `Hello, ${name}!` })
    call = await captured('released', [hello], async (client) => {
      await client.stub(Hello).greet('world')
      await client.release()
    })
  })

  it.runIf(hasTshark())('to tshark: an activity around it, none malformed', () => {
    // SI 45 ACTIVITY START, 49 MINOR SYNC POINT (the release is asked for), 49 and 50 a point of the server's
    // and its acknowledgement, 49 (the release is agreed to), 41 ACTIVITY END and 42 its acknowledgement.
    expect(tshark(call.file, 'ses', 'ses.type')).toEqual([
      '13',
      '14',
      '1,1',
      '1,1',
      '1,45',
      '1,49',
      '1,49',
      '2,50',
      '1,49',
      '1,41',
      '2,42',
      '9',
      '10',
    ])
    expect(tshark(call.file, '_ws.malformed', 'frame.number')).toEqual([])
  })
})

describe('a dialogue with every service that it has', () => {
  let dialogue: Captured
  let outcome: unknown

  beforeAll(async () => {
    const quiz = new Quiz()
    dialogue = await captured('dialogue', [quiz], async (client) => {
      const talk = client.stub(Quiz).ask()
      await talk.next()
      let go = (): void => undefined
      quiz.thinking = new Promise((resolve) => (go = resolve))
      const next = talk.next('more')
      talk.please('hurry')
      talk.problem('too hard', { n: 1 })
      go()
      await next
      await talk.rewind(1)
      await talk.interrupt('lunch')
      talk.resume()
      await talk.next('enough')
      outcome = await client.release({ reason: 'done' })
    })
  })

  it('in text', () => {
    expect(outcome).toEqual({ released: true })
    for (const spdu of 'CN AC AS DT GT MIP MIA PT ED RS RA AI AIA AR MAP MAA AE AEA FN DN'.split(' ')) {
      expect(dialogue.lines.filter((line) => new RegExp(`\\b${spdu}\\b`).test(line))).not.toEqual([])
    }
  })

  it.runIf(hasTshark())('to tshark: none malformed', () => {
    expect(tshark(dialogue.file, 'ses', 'frame.number').length).toBeGreaterThan(30)
    expect(tshark(dialogue.file, '_ws.malformed', 'frame.number')).toEqual([])
  })
})

@service('counter.v1')
class Counter {
  @activity() async *count(to: number): Activity<number, string> {
    const checkpoint = call().checkpoint<number>()
    for (let n = (checkpoint.from ?? 0) + 1; n <= to; n++) {
      yield n
      await checkpoint.commit(n)
    }
    return 'done'
  }
}

describe('an activity that is put down, gone on with, and discarded', () => {
  let work: Captured
  let result: unknown

  beforeAll(async () => {
    work = await captured(
      'activity',
      [new Counter()],
      async (client) => {
        const stub = client.stub(Counter)
        const first = stub.count(1e6)
        let position = 0
        for await (const n of first) {
          if (n < 2) continue
          ;({ position } = await first.interrupt('lunch'))
          break
        }
        const again = withOptions(stub, { activity: { id: first.id, position, resume: true } }).count(1e6)
        for await (const n of again) if (n === 4) break
        result = await stub.count(5).run()
        await client.release()
      },
      { streamWindow: 1024 },
    )
  })

  it('in text', () => {
    expect(result).toBe('done')
    for (const spdu of 'CN AC AS AR DT GT MIP MIA AI AIA AE AEA AD ADA FN DN'.split(' ')) {
      expect(work.lines.filter((line) => new RegExp(`\\b${spdu}\\b`).test(line))).not.toEqual([])
    }
  })

  it.runIf(hasTshark())('to tshark: none malformed', () => {
    expect(tshark(work.file, 'ses', 'frame.number').length).toBeGreaterThan(30)
    expect(tshark(work.file, '_ws.malformed', 'frame.number')).toEqual([])
  })
})

function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function tshark(file: string, filter: string, field: string): string[] {
  const args = ['-r', file, '-d', 'tcp.port==102,tpkt', '-Y', filter, '-T', 'fields', '-e', field]
  const output = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return output.split('\n').filter((line) => line !== '')
}
