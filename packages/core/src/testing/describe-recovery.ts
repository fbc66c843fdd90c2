// The recovery of sessions as a suite of tests that every transport passes: what a session promises must hold
// over it, whatever befalls its connections. It brings no test framework: the caller hands over its
// `describe`, `it` and `expect`.
import type { Transport, TransportListening } from '../ports/transport.ts'
import type { Clock } from '../ports/clock.ts'
import { connectSession, SessionAcceptor, type Session } from '../session/index.ts'
import type { Expect, TestApi } from './contract/rig.ts'
import { faulty, type FaultyLink, type FaultyTransport } from './faulty.ts'
import type { Direction } from './memory-link.ts'

/** One address to test, fresh for each test. */
export interface RecoveryFixture {
  /** What listens. */
  readonly transport: Transport
  /** What connects to it, once it listens. Default: `transport` itself. */
  dial?(listening: TransportListening): Transport
  readonly clock: Clock
  /** Lets so many milliseconds of the clock pass. */
  pass(milliseconds: number): Promise<void>
  /** Called at the end of each test; throws when something is left. */
  expectNothingLeft?(): void | Promise<void>
}

/** Declares the suite. `make` is called for each test. */
export function describeRecovery(
  name: string,
  make: () => RecoveryFixture | Promise<RecoveryFixture>,
  api: TestApi,
): void {
  api.describe(`sessions on ${name}`, () => {
    for (const [title, body] of Object.entries(tests)) {
      api.it(title, async () => {
        const course = await Course.open(await make())
        await body(course, api.expect)
        await course.end()
      })
    }
  })
}

/** Quick to notice and to come back: these tests may run in real time. */
const limits = { silenceTimeout: 300, reconnectDelay: 20, reconnectDelayMost: 100 } as const
const directions: readonly Direction[] = ['to-acceptor', 'to-initiator']

/** Called with each new connection. */
interface Hook {
  onLink: ((link: FaultyLink) => void) | undefined
}

/** A session over a link that fails. */
class Course {
  readonly link: FaultyTransport
  readonly a: Session
  readonly b: Session
  /** What each side was sent. */
  readonly atA: string[] = []
  readonly atB: string[] = []
  /** What befalls each new connection. */
  readonly hook: Hook
  readonly #fixture: RecoveryFixture
  readonly #acceptor: SessionAcceptor

  static async open(fixture: RecoveryFixture): Promise<Course> {
    const { clock } = fixture
    let b: Session | undefined
    const hook: Hook = { onLink: undefined }
    const acceptor = new SessionAcceptor({ clock, limits, onSession: (session) => (b = session) })
    const listening = await acceptor.listen(fixture.transport)
    const dialer = fixture.dial?.(listening) ?? fixture.transport
    const link = faulty(dialer, { clock, onLink: (each) => hook.onLink?.(each) })
    const a = await connectSession(link, { clock, limits, connectTimeout: 500 })
    if (b === undefined) throw new Error('the acceptor has no session')
    return new Course(fixture, acceptor, link, a, b, hook)
  }

  private constructor(
    fixture: RecoveryFixture,
    acceptor: SessionAcceptor,
    link: FaultyTransport,
    a: Session,
    b: Session,
    hook: Hook,
  ) {
    this.#fixture = fixture
    this.#acceptor = acceptor
    this.link = link
    this.a = a
    this.b = b
    this.hook = hook
    for (const [session, told] of [
      [a, this.atA],
      [b, this.atB],
    ] as const) {
      session.listen({
        data: (ssdu) => void told.push(`d${numberOf(ssdu)}`),
        typedData: (ssdu) => void told.push(`t${numberOf(ssdu)}`),
      })
    }
  }

  /** Both sides send units of these numbers, of this length. */
  send(from: number, to: number, length = 4): void {
    for (let number = from; number < to; number++) {
      for (const session of [this.a, this.b]) {
        const octets = new Uint8Array(length)
        new DataView(octets.buffer).setUint32(0, number)
        if (number % 3 === 0) session.sendTyped([octets])
        else session.send([octets])
      }
    }
  }

  pass(milliseconds: number): Promise<void> {
    return this.#fixture.pass(milliseconds)
  }

  /** Waits until both sides have so many units, and checks that these are the right ones. */
  async expectAll(expect: Expect, count: number): Promise<void> {
    for (let wait = 0; wait < 500 && (this.atA.length < count || this.atB.length < count); wait++) {
      await this.pass(20)
    }
    const all = Array.from({ length: count }, (_, number) => `${number % 3 === 0 ? 't' : 'd'}${number}`)
    for (const told of [this.atA, this.atB]) expect(told).toEqual(all)
  }

  async end(): Promise<void> {
    const answer = this.a.release()
    for (let wait = 0; wait < 200 && this.a.state !== 'closed'; wait++) await this.pass(20)
    await answer
    this.link.end()
    await this.#acceptor.close()
    await this.pass(20)
    await this.#fixture.expectNothingLeft?.()
  }
}

const tests: Readonly<Record<string, (course: Course, expect: Expect) => Promise<void>>> = {
  'lose nothing and repeat nothing when connections are cut again and again': async (course, expect) => {
    for (let round = 0; round < 8; round++) {
      course.send(round * 20, round * 20 + 20)
      if (round % 2 === 0) await course.pass(round)
      course.link.links.at(-1)?.cut()
      await course.pass(round * 3)
    }
    await course.expectAll(expect, 160)
  },

  'go on wherever the resume is cut': async (course, expect) => {
    const points = directions.flatMap((direction) => [0, 1, 2, 3].map((tsdus) => ({ direction, tsdus })))
    course.hook.onLink = (link) => {
      const point = points.pop()
      if (point !== undefined) link.cutAfter(point.tsdus, point.direction)
    }
    course.send(0, 10)
    course.link.links.at(-1)?.cut()
    course.send(10, 20)
    await course.expectAll(expect, 20)
    for (let wait = 0; wait < 200 && points.length > 0; wait++) {
      course.link.links.at(-1)?.cut()
      await course.pass(20)
    }
    expect(points).toEqual([])
    course.send(20, 30)
    await course.expectAll(expect, 30)
  },

  'notice a link that is dead in one direction, and come back on another': async (course, expect) => {
    let sent = 0
    for (const direction of directions) {
      course.link.links.at(-1)?.stall(direction)
      course.send(sent, sent + 10)
      sent += 10
      await course.expectAll(expect, sent)
    }
    course.link.links.at(-1)?.stall()
    course.send(sent, sent + 10)
    await course.expectAll(expect, sent + 10)
  },

  'are not told what was under way on a connection that was given up': async (course, expect) => {
    course.send(0, 5)
    const [old] = course.link.links
    old?.stall('to-acceptor')
    course.send(5, 10)
    await course.expectAll(expect, 10)
    old?.flow()
    course.send(10, 15)
    await course.expectAll(expect, 15)
  },

  'stay on a link that is slow and narrow': async (course, expect) => {
    const [link] = course.link.links
    link?.delay(50)
    link?.throttle(200_000)
    course.send(0, 40, 1_000)
    await course.expectAll(expect, 40)
    expect(course.link.links.length).toBe(1)
    expect(course.link.links[0]?.number).toBe(1)
  },
}

function numberOf(ssdu: Uint8Array): number {
  return new DataView(ssdu.buffer, ssdu.byteOffset).getUint32(0)
}
