// What the two users of a session say to each other with its services, at its longest.
import { describe, expect, it } from 'vitest'

import { coreLimits, type Admit } from '../../src/index.ts'
import { House, octets, pair, text } from './support.ts'

describe('user data', () => {
  it('may have userDataOctets octets wherever it goes', async () => {
    const most = new Uint8Array(coreLimits.userDataOctets).fill(65)
    const heard: Uint8Array[] = []
    const admit: Admit = ({ userData }) => {
      heard.push(userData)
      return { admit: true, userData: most }
    }
    const { house, a, b } = await pair({ acceptor: { admit } })
    expect(a.session.userData).toEqual(most)
    const c = await house.connect({ userData: most })
    house.cut()
    await house.pass(100)
    expect(c.session.state).toBe('open')
    // With its first connection, and with the next.
    expect(heard.filter((octets) => octets.length > 0)).toEqual([most, most])
    c.session.abort(most)
    b.askMe()
    const answer = a.session.release(most)
    await house.pass(10)
    expect(house.ends[1]?.end?.userData).toEqual(most)
    expect(b.log).toEqual([`release? ${text(most)}`])
    b.question?.accept(most)
    await house.pass(100)
    expect(await answer).toEqual({ accepted: true, userData: most })
    await house.expectNothingLeft()
  })

  it('that grows too long while the session lives ends it', async () => {
    let userData = octets('short')
    const house = new House()
    await house.listen()
    const a = await house.connect({ userData: () => userData })
    userData = new Uint8Array(coreLimits.userDataOctets + 1)
    house.cut()
    await house.pass(100)
    expect(a.end).toMatchObject({ reason: 'internal-error' })
    await house.expectNothingLeft()
  })
})
