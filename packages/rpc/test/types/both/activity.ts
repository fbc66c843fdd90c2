// What the compiler says about activities: who implements them, who holds them, what is refused.
import { activity, dialogue, service, stream } from '../../../src/service/decorators.ts'
import { defineService, implement } from '../../../src/service/define.ts'
import { remote } from '../../../src/service/remote.ts'
import { call } from '../../../src/peer/ambient-call.ts'
import type { Activity, RemoteActivity } from '../../../src/activity.ts'
import type { MethodProblem } from '../../../src/service/method-check.ts'
import type { SeekableSource, StreamSource, Stub } from '../../../src/service/stub-type.ts'
import type { Stream } from '../../../src/stream.ts'
import type { Equal, Expect } from '../expect.ts'
import { client } from './shop.ts'

interface Row {
  readonly sku: string
}

@service('import.v1')
abstract class Importer {
  @activity() importRows(table: string, rows: Stream<Row>): Activity<number, string> {
    return remote(table, rows)
  }
  @activity({ replay: 'discard', timeout: 1000 }) rebuild(): Activity<number> {
    return remote()
  }
}

export class ImporterService extends Importer {
  override async *importRows(table: string, rows: Stream<Row>): Activity<number, string> {
    const checkpoint = call().checkpoint<{ readonly count: number }>()
    let { count } = checkpoint.from ?? { count: 0 }
    for await (const row of rows) {
      count += row.sku.length
      yield count
      await checkpoint.commit({ count })
    }
    // @ts-expect-error: the state is an object with a count
    await checkpoint.commit(count)
    return table
  }
  override async *rebuild(): AsyncGenerator<number, void> {
    yield 1
  }
}

export class WrongKind {
  // @ts-expect-error: an activity is marked @activity()
  @stream() rebuild(): Activity<number> {
    return remote()
  }
  // @ts-expect-error: a stream is no activity
  @activity() prices(): Stream<number> {
    return remote()
  }
  // @ts-expect-error: an activity is no dialogue
  @dialogue() haggle(): Activity<number> {
    return remote()
  }
  // @ts-expect-error: there is no such option
  @activity({ effect: 'keyed' }) keyed(): Activity<number> {
    return remote()
  }
}

export type ActivityTypes = [
  Expect<
    Equal<
      Stub<Importer>['importRows'],
      (table: string, rows: StreamSource<Row> | SeekableSource<Row>) => RemoteActivity<number, string>
    >
  >,
  Expect<Equal<Stub<Importer>['rebuild'], () => RemoteActivity<number, void>>>,
  Expect<
    Equal<
      MethodProblem<'stream', () => Activity<number>>,
      'This method returns an Activity: mark it @activity().'
    >
  >,
  Expect<
    Equal<
      MethodProblem<'activity', () => AsyncGenerator<number>>,
      'A method marked @activity() returns an Activity<Item, Result>.'
    >
  >,
]

export async function importing(rows: (from: number) => AsyncIterable<Row>): Promise<string> {
  const work = client.stub(Importer).importRows('table', rows)
  for await (const count of work) count.toFixed()
  const { id, position } = await work.interrupt()
  id.padEnd(position)
  // @ts-expect-error: rows, not numbers
  client.stub(Importer).importRows('table', (from) => [from])
  return work.run((count) => count.toFixed())
}

export const defined = defineService('import.v2', {
  importRows: activity<(rows: Stream<Row>) => Activity<number, string>>({ replay: 'discard' }),
})

export const implemented = implement(defined, {
  async *importRows(rows) {
    for await (const row of rows) yield row.sku.length
    return 'done'
  },
})
