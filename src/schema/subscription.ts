import { builder } from './builder.ts';

builder.subscriptionType({ description: 'Live events of the caller’s own stream.' });
