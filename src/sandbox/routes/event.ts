import { limits } from '../bounds.ts';
import { openEventStream, type StreamOptions } from '../event-stream.ts';
import { bodyOf, empty, featuresOf, itemsOf, type Routes, success } from '../request-context.ts';
import { acknowledge } from '../state/outbox.ts';
import { endSession } from '../state/sessions.ts';
import { requireAtMost } from './acting.ts';

export function eventRoutes(options: StreamOptions): Routes {
  return {
    createEvents: ({ world, caller, session, ...exchange }) => {
      session.presence = exchange.header('tt-presence-status') === 'away' ? 'away' : 'available';
      const features = featuresOf(exchange);
      return {
        status: 200,
        takeOver: (_request, response) =>
          openEventStream(world, caller, session, features, response, {
            ...options,
            repeatsEvents: exchange.repeatsEvents,
          }),
      };
    },

    /** Closes the streams of all sessions of the caller. */
    dropConnect: ({ world, caller }) => {
      const streams = [...(world.sessionsByAccount.get(caller.token) ?? [])].flatMap((session) => [...session.streams]);
      for (const stream of streams) stream.close();
      return success({ count: streams.length });
    },

    ackEvents: (context) => {
      const ids = itemsOf(bodyOf(context, 'ackEvents').events);
      requireAtMost('events', ids, limits.bulkAcknowledgements);
      const acknowledged = acknowledge(context.session, new Set(ids));
      // "remote_wipe is acknowledged before it is acted on": the key pair is valid until then.
      if (acknowledged.some(({ type }) => type === 'tigertext:iq:remote_wipe'))
        endSession(context.world, context.session);
      return empty();
    },
  };
}
