// Calls Hello on port 4000, or on PORT, and greets whom the command line names.
import { connect } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { Hello } from './service.ts'

const port = Number(process.env['PORT'] ?? 4000)
await using client = await connect(tcp({ host: 'localhost', port }))
console.log(await client.stub(Hello).greet(process.argv[2] ?? 'world'))
