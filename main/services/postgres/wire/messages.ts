/** What a server says, read from its messages: https://www.postgresql.org/docs/17/protocol-message-formats.html */

export interface WireColumn {
  readonly name: string;
  readonly type: number;
  readonly typeModifier: number;
  /** The table's OID and the column's number in it; 0: it is no column of a table. */
  readonly table: number;
  readonly attribute: number;
}

export function readColumns(body: Buffer): WireColumn[] {
  const columns: WireColumn[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    columns.push({
      name: body.toString('utf8', at, end),
      table: body.readUInt32BE(end + 1),
      attribute: body.readUInt16BE(end + 5),
      type: body.readUInt32BE(end + 7),
      typeModifier: body.readInt32BE(end + 13),
    });
    at = end + 19;
  }
  return columns;
}

/** Fields of an error or a notice. */
export interface ServerSaid {
  readonly severity: string;
  /** SQLSTATE */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Characters (code points) from 1 into the statement. */
  readonly position?: number;
  readonly where?: string;
}

export function readSaid(body: Buffer): ServerSaid {
  const fields: Record<string, string> = {};
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    fields[String.fromCharCode(body[at]!)] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return {
    severity: fields.V ?? fields.S ?? 'ERROR',
    code: fields.C ?? '',
    message: fields.M ?? 'The server gave no reason.',
    detail: fields.D,
    hint: fields.H,
    position: fields.P === undefined ? undefined : Number(fields.P),
    where: fields.W,
  };
}

/** An error of the server's, for `classify` and for those who place it in a text. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly said: ServerSaid;
  readonly code: string;

  constructor(said: ServerSaid) {
    super(said.message);
    this.said = said;
    this.code = said.code;
  }
}
