// What a front end needs around typed documents: one function that asks, and throws what isn't in a payload.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export interface TopLevelError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; id?: string; retryAfter?: number };
}

export class Refused extends Error {
  constructor(readonly errors: TopLevelError[]) {
    super(errors.map((each) => `${each.extensions.code}: ${each.message}`).join('; '));
  }
}

export class Influents {
  constructor(
    private readonly address: string,
    private token?: string,
  ) {}

  signedInWith(token: string): Influents {
    return new Influents(this.address, token);
  }

  async ask<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
  ): Promise<Data> {
    const answer = await fetch(this.address, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        'Accept-Language': 'en',
        ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ query: print(document), variables }),
    });
    const body = (await answer.json()) as { data?: Data | null; errors?: TopLevelError[] };
    if (body.errors !== undefined || body.data === undefined || body.data === null) throw new Refused(body.errors ?? []);
    return body.data;
  }
}
