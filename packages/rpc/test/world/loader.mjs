// Loads the sources for the simulation: without decorators, for with them come private fields that are
// lowered and several times as slow; and with mistakes planted in them, when the environment has any.
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setTsconfigPath } from '@oxc-node/core'

const plants = process.env.PARLEY_PLANTS
if (plants !== undefined) register('./plant-hook.mjs', import.meta.url, { data: plants })
setTsconfigPath(fileURLToPath(new URL('./loader.tsconfig.json', import.meta.url)))
await import('@oxc-node/core/register')
