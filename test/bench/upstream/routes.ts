/** The contract's reads, answered with bytes made beforehand. */
import { type WireRequest, wireAnswer } from './connection.ts';
import { History } from './history.ts';
import type { Streams } from './streams.ts';
import {
  callerToken,
  groups,
  listedRoster,
  messages,
  messageTokens,
  roster,
  rosterOf,
  statuses,
  users,
} from './world.ts';

const json = 'application/json';

function success(reply: unknown): Buffer {
  return wireAnswer('200 OK', json, JSON.stringify({ status: 'success', reply }));
}

function failure(status: string, type: string): Buffer {
  return wireAnswer(status, json, JSON.stringify({ status: 'fail', error: { message: type, type } }));
}

const unauthorized = failure('401 Unauthorized', 'unauthorized');
const notFound = failure('404 Not Found', 'not_found');
const noContent = wireAnswer('204 No Content', undefined, '');
const stored = wireAnswer(
  '200 OK',
  json,
  JSON.stringify({ status: 'success', reply: messages.get(messageTokens[0] ?? '') }),
  `TT-X-Message-Id: ${messageTokens[0]}\r\n`,
);

function answers<Row>(rows: ReadonlyMap<string, Row>): ReadonlyMap<string, Buffer> {
  return new Map([...rows].map(([token, row]) => [token, success(row)]));
}

const userAnswers = answers(users);
const groupAnswers = answers(groups);
const messageAnswers = answers(messages);
const statusAnswers = answers(statuses);
const rosterAnswer = success(roster);
const listedRosterAnswer = success(listedRoster);
const muteAnswer = success([]);
const meAnswer = userAnswers.get(callerToken) ?? notFound;
const userRows = new Map([...users].map(([token, row]) => [token, JSON.stringify(row)]));
const statusRows = new Map([...statuses].map(([token, row]) => [token, JSON.stringify(row)]));

/** What one attachment holds: bytes of no meaning, as many as the transfer measure asks for. */
export const attachmentBytes = 8 * 1024 * 1024;
const attachment = wireAnswer('200 OK', 'application/octet-stream', Buffer.alloc(attachmentBytes, 'x'));

const bulkPaths = new Set(['/v2/user_lookup_bulk', '/v2/get_bulk_message_status', '/v2/events/ack']);

export function wantsBody(_method: string, path: string): boolean {
  return bulkPaths.has(path) || path.startsWith('/v5/conversation/');
}

/** Credentials of the bench: `Basic` of `caller<number>:bench`. Whatever else comes is refused, as the contract has it. */
const credential = /^Basic [A-Za-z0-9+/]+={0,2}$/;

function rowsOf(body: string, name: 'users' | 'messages', rows: ReadonlyMap<string, string>): string {
  const { [name]: tokens = [] } = JSON.parse(body) as Partial<Record<string, string[]>>; // the bench's own subjects
  return tokens.flatMap((token) => rows.get(token) ?? []).join(',');
}

export class Routes {
  /** Off: the bulk reads answer 404, as an upstream without them would. */
  isBulkOffered = true;
  readonly #streams: Streams;
  #users = userAnswers;
  #userRows: ReadonlyMap<string, string> = userRows;
  #roster = rosterAnswer;
  #history: History | undefined;
  #counts = new Map<string, number>();

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Another length of the roster, with its people. */
  resizeRoster(entries: number): void {
    const sized = rosterOf(entries);
    this.#users = answers(sized.users);
    this.#userRows = new Map([...sized.users].map(([token, row]) => [token, JSON.stringify(row)]));
    this.#roster = success(sized.roster);
  }

  /** Offers v5 with so many conversations; 0: offers it no more. */
  offerHistory(items: number): void {
    this.#history = items === 0 ? undefined : new History(items);
  }

  /** Calls since the last time, by operation. */
  takeCounts(): Record<string, number> {
    const counts = Object.fromEntries(this.#counts);
    this.#counts = new Map();
    return counts;
  }

  answer(request: WireRequest): Buffer | undefined {
    if (request.authorization === undefined || !credential.test(request.authorization)) return unauthorized;
    const answer = this.#route(request, request.path.split('/'), request.authorization);
    // Shown with the counts, so that a subject that asks for the wrong thing is found out.
    if (answer === notFound) this.#count(`404 ${request.method} ${request.path}`);
    return answer;
  }

  #route(request: WireRequest, [, , noun = '', token = '', part = '']: string[], caller: string): Buffer | undefined {
    const { method, body, socket } = request;
    if (this.#history !== undefined && request.path.startsWith('/v5/')) {
      return this.#counted(`v5 ${noun}`, this.#historyAnswer(this.#history, request, noun, token));
    }
    switch (`${method} ${noun}`) {
      case 'GET user':
        return this.#counted('getUser', token === '' ? meAnswer : this.#users.get(token));
      case 'GET message':
        if (part === 'status') return this.#counted('getMessageStatus', statusAnswers.get(token));
        if (part === 'attachment') return this.#counted('getMessageAttachment', attachment);
        return this.#counted('getMessage', messageAnswers.get(token));
      case 'GET roster':
        return this.#counted('getRoster', token === 'lists' ? listedRosterAnswer : this.#roster);
      case 'GET group':
        return this.#counted('getGroup', groupAnswers.get(token));
      case 'GET mute':
        return this.#counted('listMutes', muteAnswer);
      case 'POST user_lookup_bulk': {
        if (!this.isBulkOffered) return this.#counted('lookupUsersBulk', undefined);
        const rows = rowsOf(body, 'users', this.#userRows);
        return this.#counted('lookupUsersBulk', wireAnswer('200 OK', json, `{"status":"success","reply":[${rows}]}`));
      }
      case 'POST get_bulk_message_status': {
        if (!this.isBulkOffered) return this.#counted('getBulkMessageStatus', undefined);
        const reply = `{"status":"success","reply":{"bulk_message_statuses":[${rowsOf(body, 'messages', statusRows)}]}}`;
        return this.#counted('getBulkMessageStatus', wireAnswer('200 OK', json, reply));
      }
      case 'POST message':
        return this.#counted('sendMessage', stored);
      case 'POST events':
        return this.#counted('ackEvents', noContent);
      case 'GET events':
        this.#counted('createEvents', noContent);
        this.#streams.open(socket, caller);
        return undefined;
      default:
        return this.#counted(`${method} ${noun}`, undefined);
    }
  }

  #historyAnswer(history: History, { query, body }: WireRequest, noun: string, token: string): Buffer | undefined {
    const reply =
      noun === 'roster'
        ? history.roster(query)
        : noun === 'user'
          ? history.lookUp(token)
          : noun === 'conversation' && body !== ''
            ? history.timeline(body)
            : undefined;
    return reply === undefined ? undefined : wireAnswer('200 OK', json, `{"status":"success","reply":${reply}}`);
  }

  #counted(operation: string, answer: Buffer | undefined): Buffer {
    this.#count(operation);
    return answer ?? notFound;
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
