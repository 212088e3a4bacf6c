// Runs a Bluesky of our own for the tests: a PDS with its directory, and with DATABASE_URL the AppView and
// the moderation service too. Says where it is in one line of JSON. Each line on standard input asks it to
// let everything written so far reach the AppView; it answers "done". The end of standard input stops it.
// Made for @atproto/dev-env 0.3.215; 0.6 needs Node 22.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

// The packages lie in a cache folder outside the repository, which is the working directory
const { TestNetwork, TestNetworkNoAppView } = createRequire(process.cwd() + '/')('@atproto/dev-env')

const PEOPLE = ['oakfield', 'kerry', 'zeta']
const say = process.stdout.write.bind(process.stdout)
console.log = console.info = console.warn = () => {}

const network = process.env.DATABASE_URL
  ? await TestNetwork.create({ dbPostgresUrl: process.env.DATABASE_URL, dbPostgresSchema: 'bluesky' })
  : await TestNetworkNoAppView.create()

// What is written reaches the AppView at once, not after up to a second
network.pds.ctx.sequencer.exponentialBackoff = () => new Promise((done) => setTimeout(done, 20))

const accounts = {}
for (const name of PEOPLE) {
  const agent = network.pds.getClient()
  const password = `${name}-main-password`
  const handle = `${name}-practice.test`
  await agent.createAccount({ email: `${name}@oakfield.example`, handle, password })
  const made = {}
  for (const privileged of [false, true]) {
    const { data } = await agent.com.atproto.server.createAppPassword({
      name: privileged ? 'with messages' : 'without messages',
      privileged,
    })
    made[privileged ? 'privileged' : 'ordinary'] = data.password
  }
  await agent.com.atproto.repo.putRecord({
    repo: agent.session.did,
    collection: 'app.bsky.actor.profile',
    rkey: 'self',
    record: { $type: 'app.bsky.actor.profile', displayName: name[0].toUpperCase() + name.slice(1) },
  })
  accounts[name] = { did: agent.session.did, handle, password, ...made }
}
await network.processAll()

say(JSON.stringify({ pds: network.pds.url, appview: Boolean(process.env.DATABASE_URL), accounts }) + '\n')

for await (const line of createInterface({ input: process.stdin })) {
  await network.pds.processAll()
  await network.processFullSubscription(20000)
  say('done\n')
}
await network.close()
process.exit(0)
