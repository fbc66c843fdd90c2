// Dialogues: points, going back to them, problems, interruptions, and asking for the turn.
import { describe, expect, it } from 'vitest'
import {
  call,
  dialogue,
  DialogueProblem,
  Rewound,
  service,
  type Dialogue,
  type DialogueEvent,
} from '@parley/rpc'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Market, MarketService } from './haggle.ts'

const said = (value: unknown) => ({ done: false, value })

describe('points and going back', () => {
  it('takes both sides back to a point, and discards what was said since', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    const events: DialogueEvent[] = []
    talk.events.subscribe((event) => events.push(event))
    await talk.next()
    await talk.next(1)
    await talk.next(2)
    expect(events).toEqual([
      { type: 'checkpoint', point: 1, label: 'price 90' },
      { type: 'checkpoint', point: 2, label: 'price 80' },
    ])
    await expect(talk.rewind(1)).resolves.toEqual(said(90))
    expect(service.seen).toEqual(['heard 1', 'heard 2', 'back to 1 (price 90)'])
    // The generator marks its price anew: numbering went on behind point 1.
    expect(events.at(-1)).toEqual({ type: 'checkpoint', point: 2, label: 'price 90' })
    await expect(talk.rewind(0)).resolves.toEqual(said(100))
    await expect(talk.next(100)).resolves.toMatchObject({ done: true, value: { price: 100 } })
  })

  it('refuses a point that there is not, and goes on', async () => {
    await using both = await pair([new MarketService()])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    for (const point of [1, -1, 0.5, NaN, 2 ** 40]) {
      const error = await rejection(talk.rewind(point))
      expect(error).toMatchObject({ code: 'OUT_OF_RANGE', details: { first: 0, last: 0 } })
    }
    await expect(talk.next(100)).resolves.toMatchObject({ done: true })
  })

  it('goes back while the server is thinking: its signal aborts, its next word is not heard', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    let reason: unknown
    service.atTurn = (turn) => {
      if (turn !== 2) return undefined
      const { signal } = call().dialogue
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          reason = signal.reason
          resolve()
        }),
      )
    }
    const next = talk.next(1)
    await settle()
    const back = talk.rewind(0)
    await expect(next).rejects.toBeInstanceOf(Rewound)
    await expect(back).resolves.toEqual(said(100))
    expect(reason).toBeInstanceOf(Rewound)
    expect(service.seen).toEqual(['heard 1', 'back to 0 (undefined)'])
  })

  it('lets the server go back: the caller hears what is said from there', async () => {
    @service('exam.v1')
    class Exam {
      @dialogue() ask(): Dialogue<string, string, number> {
        return this.asking()
      }
      async *asking(): AsyncGenerator<string, number, string> {
        const talk = call().dialogue
        const start = await talk.checkpoint('start')
        for (let tries = 1; ; tries++) {
          if ((yield 'name?') === 'ann') return tries
          await talk.rewind(start)
        }
      }
    }
    await using both = await pair([new Exam()])
    const talk = both.client.stub(Exam).ask()
    const events: DialogueEvent[] = []
    talk.events.subscribe((event) => events.push(event))
    await talk.next()
    await expect(talk.next('bob')).resolves.toEqual(said('name?'))
    await expect(talk.next('ann')).resolves.toEqual({ done: true, value: 2 })
    expect(events.map(({ type }) => type)).toEqual(['checkpoint', 'rewound'])
  })

  it('never goes back behind a point that was committed', async () => {
    @service('steps.v1')
    class Steps {
      @dialogue() go(): Dialogue<number, boolean> {
        return this.going()
      }
      async *going(): AsyncGenerator<number, void, boolean> {
        for (let step = 1; ; step++) {
          try {
            if (!(yield await call().dialogue.commit())) return
          } catch (thrown) {
            if (!(thrown instanceof Rewound)) throw thrown
          }
        }
      }
    }
    await using both = await pair([new Steps()])
    const talk = both.client.stub(Steps).go()
    await expect(talk.next()).resolves.toEqual(said(1))
    await expect(talk.next(true)).resolves.toEqual(said(2))
    expect(await rejection(talk.rewind(1))).toMatchObject({
      code: 'OUT_OF_RANGE',
      details: { first: 2, last: 2 },
    })
    await expect(talk.rewind(2)).resolves.toEqual(said(3))
    await expect(talk.next(false)).resolves.toEqual({ done: true, value: undefined })
  })

  it('ends with an error when the method does not take being taken back', async () => {
    @service('stiff.v1')
    class Stiff {
      @dialogue() talk(): Dialogue<number> {
        return this.talking()
      }
      async *talking(): AsyncGenerator<number, void, void> {
        yield 1
      }
    }
    await using both = await pair([new Stiff()])
    const talk = both.client.stub(Stiff).talk()
    await talk.next()
    expect(await rejection(talk.rewind(0))).toMatchObject({ code: 'FAILED_PRECONDITION' })
  })

  it('decides when both go back at once, and both go on from the same point', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    await talk.next(1)
    let lost: unknown
    service.atTurn = async (turn) => {
      if (turn !== 3) return
      setImmediate(() => void talk.rewind(0).then((value) => heard.push(value)))
      try {
        await call().dialogue.rewind(1)
      } catch (thrown) {
        lost = thrown
        throw thrown
      }
    }
    const heard: unknown[] = []
    talk.next(2).catch(() => undefined)
    await settle(60)
    // Whoever prevailed, the two agree: what is heard is what is said from the point both are at.
    expect(heard).toHaveLength(1)
    expect(lost === undefined || lost instanceof Rewound).toBe(true)
    await expect(talk.next(100)).resolves.toMatchObject({ done: true })
  })
})

describe('problems', () => {
  it('tells the side that speaks, which goes on', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    service.atTurn = (turn) => (turn === 2 ? settle() : undefined)
    const next = talk.next(1)
    await settle(2)
    talk.problem('too fast', { most: 1 })
    await expect(next).resolves.toEqual(said(90))
    expect(service.seen).toEqual(['heard 1', 'problem too fast {"most":1}'])
    await expect(talk.next(90)).resolves.toMatchObject({ done: true, value: { price: 90 } })
  })

  it('is reported in the turn of the other side, once', async () => {
    await using both = await pair([new MarketService()])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    expect(() => talk.problem('mine')).toThrow(expect.objectContaining({ code: 'FAILED_PRECONDITION' }))
  })

  it('is not lost when it crosses the turn: the generator hears that it was not heard', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    const next = talk.next(1)
    // At once: the server's next word is on its way when the report arrives.
    talk.problem('wait')
    await expect(next).resolves.toMatchObject({ done: false })
    expect(service.seen).toContain('problem wait undefined')
    await expect(talk.next(100)).resolves.toMatchObject({ done: true })
  })

  it('reaches the caller at its next word', async () => {
    const service = new MarketService()
    let talkOfServer: ReturnType<typeof call>['dialogue'] | undefined
    service.atTurn = () => {
      talkOfServer = call().dialogue
    }
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    const events: DialogueEvent[] = []
    talk.events.subscribe((event) => events.push(event))
    talkOfServer?.problem('too slow')
    await settle()
    expect(events.map(({ type }) => type)).toEqual(['problem'])
    expect(await rejection(talk.next(1))).toBeInstanceOf(DialogueProblem)
    await expect(talk.next(2)).resolves.toEqual(said(90))
    expect(service.seen).toEqual(['heard 2'])
  })
})

describe('asking for the turn', () => {
  it('is seen by the side that has it, with a reason', async () => {
    const service = new MarketService()
    const wanted: unknown[] = []
    service.atTurn = async (turn) => {
      const talk = call().dialogue
      talk.events.subscribe((event) => wanted.push(event))
      if (turn !== 2) return
      await settle()
      wanted.push(talk.wanted)
    }
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    talk.please('nothing happens: it is my turn')
    const next = talk.next(1)
    talk.please('hurry')
    await next
    expect(wanted).toContainEqual({ type: 'please', why: 'hurry' })
    expect(wanted.at(-1)).toBe(true)
    expect(talk.wanted).toBe(false)
  })
})

describe('interrupting', () => {
  it('stops a dialogue and goes on with it where it was', async () => {
    const service = new MarketService()
    const seen: string[] = []
    service.atTurn = (turn) => {
      if (turn === 1) call().dialogue.events.subscribe(({ type }) => seen.push(type))
    }
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    await talk.next(1)
    await talk.interrupt('lunch')
    expect(talk.interrupted).toBe(true)
    expect(talk.myTurn).toBe(false)
    await expect(talk.next(2)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
    expect(await rejection(talk.rewind(0))).toMatchObject({ code: 'FAILED_PRECONDITION' })
    talk.resume()
    expect(talk.myTurn).toBe(true)
    await expect(talk.next(2)).resolves.toEqual(said(80))
    expect(seen).toEqual(['interrupted', 'resumed'])
    // The points from before are still there.
    await expect(talk.rewind(1)).resolves.toEqual(said(90))
    await talk.interrupt()
    talk.resume()
    await expect(talk.next(90)).resolves.toMatchObject({ done: true })
  })

  it('is refused out of turn', async () => {
    await using both = await pair([new MarketService()])
    const talk = both.client.stub(Market).haggle(100)
    const first = talk.next()
    await expect(talk.interrupt()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
    expect(() => talk.resume()).toThrow(expect.objectContaining({ code: 'FAILED_PRECONDITION' }))
    await first
  })

  it('can be ended while it is interrupted', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await talk.next()
    await talk.interrupt()
    await talk.return()
    await settle()
    expect(service.seen).toEqual(['ended'])
    expect(both.session.activeCalls).toBe(0)
  })
})
