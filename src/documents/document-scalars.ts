/** The JSON types of the schema's scalars, for the typed documents. */

/** A moment: RFC 3339 with date, time, milliseconds and zone, such as `2026-03-14T18:22:05.123Z`. */
export type DateTime = string;

/** An absolute web address. */
export type Url = string;

/** An e-mail address. */
export type EmailAddress = string;

/** A phone number: a plus, the country code, the number. */
export type PhoneNumber = string;

/** A whole number, 0 or more. */
export type NonNegativeInt = number;

/** Any JSON value. */
export type Json = unknown;

/** A file to send, by the GraphQL multipart request specification. A browser's `File` is one. */
export type Upload = Blob;
