// A database in memory with the real cr-sqlite in it, from the WebAssembly build on npm.
//
// Values are passed in the tagged form of the HTTP contract, because a JavaScript number cannot tell 600 from 600.0 and has
// no integers beyond 2^53: null, {"int": "600"}, {"real": "600"}, "text", {"blob": base64}.

import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';

globalThis.crypto ??= webcrypto; // Node 18 has it elsewhere. Without it site ids would not be random.

// The package's own start-up code wants a browser. What it starts does not: the code that runs the WebAssembly, taken by its
// path, is content with the bytes.
const packages = new URL('./node_modules/@vlcn.io/', import.meta.url);
const { default: start } = await import(new URL('crsqlite-wasm/dist/crsqlite.mjs', packages));
const { Factory: api, ...sqlite } = await import(new URL('wa-sqlite/src/sqlite-api.js', packages));
const wasmBinary = await readFile(new URL('crsqlite-wasm/dist/crsqlite.wasm', packages));

export class Database {
  #api;
  #bindBlob;
  #connection;

  static async open() {
    const database = new Database();
    const module = await start({ wasmBinary });
    database.#api = api(module);
    database.#bindBlob = module.cwrap('sqlite3_bind_blob', 'number', Array(5).fill('number'));
    database.#connection = await database.#api.open_v2(':memory:');
    return database;
  }

  /** Runs statements and forgets what they return. */
  async run(sql) {
    await this.#api.exec(this.#connection, sql);
  }

  /** Runs one statement and returns its rows, as arrays of tagged values. */
  async query(sql, ...parameters) {
    const rows = [];
    for await (const statement of this.#api.statements(this.#connection, sql)) {
      parameters.forEach((value, i) => this.#bind(statement, i + 1, value));
      const columns = this.#api.column_count(statement);
      while ((await this.#api.step(statement)) === sqlite.SQLITE_ROW) {
        rows.push(Array.from({ length: columns }, (_, i) => this.#column(statement, i)));
      }
    }
    return rows;
  }

  /** Does all of the work or, if it throws, nothing. */
  async transaction(work) {
    await this.run('BEGIN');
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (e) {
      await this.run('ROLLBACK');
      throw e;
    }
  }

  #bind(statement, i, value) {
    if (value === null) {
      this.#api.bind_null(statement, i);
    } else if (typeof value === 'string') {
      if (value.includes('\0')) {
        throw new Error('this build of SQLite would cut a text at its NUL character');
      }
      this.#api.bind_text(statement, i, value);
    } else if ('int' in value) {
      this.#api.bind_int64(statement, i, BigInt(value.int));
    } else if ('real' in value) {
      this.#api.bind_double(statement, i, Number(value.real));
    } else if (value.blob === '') {
      this.#bindBlob(statement, i, 1, 0, 0); // the API would bind NULL; no byte is read from address 1
    } else if ('blob' in value) {
      this.#api.bind_blob(statement, i, Buffer.from(value.blob, 'base64'));
    } else {
      throw new Error('cannot bind ' + JSON.stringify(value));
    }
  }

  #column(statement, i) {
    switch (this.#api.column_type(statement, i)) {
      case sqlite.SQLITE_NULL:
        return null;
      case sqlite.SQLITE_INTEGER:
        return { int: String(this.#api.column_int64(statement, i)) };
      case sqlite.SQLITE_FLOAT:
        return { real: String(this.#api.column_double(statement, i)) };
      case sqlite.SQLITE_BLOB:
        return { blob: Buffer.from(this.#api.column_blob(statement, i)).toString('base64') };
      default: // of a text, column_blob gives all the bytes, also those after a NUL
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#api.column_blob(statement, i));
    }
  }
}
