// The store contract on LMDB. That what was acknowledged outlives kill -9 is shown in process.test.ts.
import { describeStore } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { lmdbStore } from '../src/index.ts'
import { freshPath } from './folder.ts'

describeStore(
  'LMDB',
  async () => {
    const path = freshPath()
    let last = await lmdbStore({ path })
    return {
      store: last,
      reopen: async () => {
        await last.close()
        last = await lmdbStore({ path })
        return last
      },
    }
  },
  { describe, it, expect },
)
