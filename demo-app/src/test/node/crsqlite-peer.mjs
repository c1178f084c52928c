// A cr-sqlite database as a process: takes one command a line, as JSON, and answers each with one line.
//
//   {"run": sql}        runs statements                             {"result": null}
//   {"query": sql}      runs one statement                          {"result": [[tagged value, …], …]}
//   {"pull": endpoint}  receives changes from an instance           {"result": how many}
//   {"push": endpoint}  sends changes to an instance                {"result": how many}
//   {"changes": ""}     lists all changes                           {"result": [change, …]}
//
// A command that fails is answered with {"error": text}. It ends when its input does.

import { createInterface } from 'node:readline';
import { Bridge } from './bridge.mjs';
import { Database } from './database.mjs';

const database = await Database.open();
const bridge = await Bridge.of(database);

const commands = {
  run: async (sql) => (await database.run(sql)) ?? null,
  query: (sql) => database.query(sql),
  pull: (endpoint) => bridge.pull(endpoint),
  push: (endpoint) => bridge.push(endpoint),
  changes: () => bridge.changes(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[name, argument]] = Object.entries(JSON.parse(line));
  const answer = await commands[name](argument).then(
    (result) => ({ result }),
    (e) => ({ error: String(e.stack ?? e) }),
  );
  process.stdout.write(JSON.stringify(answer) + '\n');
}
