// Lets a cr-sqlite database exchange changes with an instance, over the instance's endpoint.
//
// How far the two have come is kept per instance, in the transaction that stores what was received: `received` is the
// instance's version up to which its changes are here, `sent` the largest db_version of ours that it has.

const CURSORS = `CREATE TABLE IF NOT EXISTS bridge_cursor (
  site_id BLOB NOT NULL PRIMARY KEY, epoch TEXT, received INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0)`;

// Older builds give NULL as the author of local changes.
const CHANGES = `SELECT "table", pk, cid, val, col_version, db_version, coalesce(site_id, crsql_site_id()), cl, seq
  FROM crsql_changes`;

export class Bridge {
  #database;

  static async of(database) {
    await database.run(CURSORS);
    const bridge = new Bridge();
    bridge.#database = database;
    return bridge;
  }

  /** Receives what the instance has that is new, except our own changes. Returns how many changes came. */
  async pull(endpoint) {
    const own = await this.#ownSite();
    const cursor = await this.#cursor(endpoint);
    let count = 0;
    let more = true;
    while (more) {
      const query = new URLSearchParams({ since: cursor.received, peer: own, exclude: own, numbers: 'tagged' });
      if (cursor.epoch !== null) {
        query.set('epoch', cursor.epoch);
      }
      const { status, body } = await call(`${endpoint}/changes?${query}`);
      if (status === 409) {
        // The instance was restored from an older copy, and does not know all that it once sent.
        await this.#move(cursor, { received: body.resume, epoch: null });
        continue;
      }
      await this.#receive(body, cursor);
      count += body.changes.length;
      more = body.more === true;
    }
    return count;
  }

  /** Sends what we have that is new, except the instance's own changes. Returns how many changes went. */
  async push(endpoint) {
    const cursor = await this.#cursor(endpoint);
    const changes = await this.#changes('WHERE db_version > ? AND site_id IS NOT ?', int(cursor.sent), site(cursor.site));
    if (changes.length === 0) {
      return 0;
    }
    // Not crsql_db_version(): an update that changes nothing moves it for a while, and the next change gets that very number.
    const version = Math.max(...changes.map((change) => change.dbVersion));
    const { body } = await call(`${endpoint}/changes`, {
      siteId: await this.#ownSite(),
      since: cursor.sent,
      version,
      exclude: cursor.site,
      changes,
    });
    // Less than we sent, if the instance lost what we sent before: then the next push begins there.
    await this.#move(cursor, { sent: Math.min(version, body.received) });
    return changes.length;
  }

  /** All changes. */
  changes() {
    return this.#changes('');
  }

  async #receive(changeset, cursor) {
    try {
      await this.#database.transaction(async () => {
        for (const change of changeset.changes) {
          await this.#merge(change);
        }
        await this.#move(cursor, { received: changeset.version, epoch: changeset.epoch });
      });
    } catch (e) {
      // A merge that failed leaves tracking off for this connection: later local writes would never be sent.
      await this.#database.run('SELECT crsql_internal_sync_bit(0)');
      throw e;
    }
  }

  async #merge(change) {
    const key = change.pk.map(() => '?').join(', ');
    await this.#database.query(
      `INSERT INTO crsql_changes ("table", pk, cid, val, col_version, db_version, site_id, cl, seq)
       VALUES (?, crsql_pack_columns(${key}), ?, ?, ?, ?, ?, ?, ?)`,
      change.table,
      ...change.pk,
      change.cid,
      change.val,
      int(change.colVersion),
      int(change.dbVersion),
      site(change.siteId),
      int(change.cl),
      int(change.seq),
    );
  }

  async #changes(condition, ...parameters) {
    const rows = await this.#database.query(`${CHANGES} ${condition}`, ...parameters);
    const changes = [];
    for (const [table, pk, cid, val, colVersion, dbVersion, siteId, cl, seq] of rows) {
      const cells = await this.#database.query('SELECT cell FROM crsql_unpack_columns(?)', pk);
      changes.push({
        table,
        pk: cells.flat(),
        cid,
        val,
        colVersion: Number(colVersion.int),
        dbVersion: Number(dbVersion.int),
        siteId: hex(siteId),
        cl: Number(cl.int),
        seq: Number(seq.int),
      });
    }
    return changes;
  }

  async #ownSite() {
    const [[id]] = await this.#database.query('SELECT crsql_site_id()');
    return hex(id);
  }

  async #cursor(endpoint) {
    const { body } = await call(endpoint);
    await this.#database.query('INSERT OR IGNORE INTO bridge_cursor (site_id) VALUES (?)', site(body.siteId));
    const [[epoch, received, sent]] = await this.#database.query(
      'SELECT epoch, received, sent FROM bridge_cursor WHERE site_id = ?',
      site(body.siteId),
    );
    return { site: body.siteId, epoch, received: Number(received.int), sent: Number(sent.int) };
  }

  async #move(cursor, to) {
    Object.assign(cursor, to);
    await this.#database.query(
      'UPDATE bridge_cursor SET epoch = ?, received = ?, sent = ? WHERE site_id = ?',
      cursor.epoch,
      int(cursor.received),
      int(cursor.sent),
      site(cursor.site),
    );
  }
}

async function call(url, changeset) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const request = changeset ? { method: 'POST', headers, body: JSON.stringify(changeset) } : { headers };
  const response = await fetch(url, request);
  const text = await response.text();
  const restored = response.status === 409 && !changeset;
  if (!response.ok && !restored) {
    throw new Error(`${url} answered ${response.status}: ${text}`);
  }
  return { status: response.status, body: JSON.parse(text) };
}

function int(number) {
  return { int: String(number) };
}

function site(id) {
  return { blob: Buffer.from(id, 'hex').toString('base64') };
}

function hex({ blob }) {
  return Buffer.from(blob, 'base64').toString('hex');
}
