// Asks by the id that a document got when the front end was built. No GraphQL is in the bundle, nor sent.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
}

const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

/** A query, by GET: a cache may answer it, and an answer that one has already is not sent again. */
export async function read<Data, Variables>(
  address: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const url = new URL(address);
  url.searchParams.set('documentId', idOf(document));
  url.searchParams.set('variables', JSON.stringify(variables));
  return dataOf(await fetch(url, { headers: { Accept: ACCEPT, 'X-Requested-With': 'fetch' } }));
}

/** A mutation, by POST. Tried again with the same key, it is still done once. */
export async function change<Data, Variables>(
  address: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { token, key = crypto.randomUUID() }: { token: string; key?: string },
): Promise<Data> {
  const headers = {
    Accept: ACCEPT,
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    'Idempotency-Key': key,
  };
  const body = JSON.stringify({ documentId: idOf(document), variables });
  return dataOf(await fetch(address, { method: 'POST', headers, body }));
}

/** Where graphql-codegen puts it; the document itself is left out. */
function idOf(document: object): string {
  return (document as { __meta__: { hash: string } }).__meta__.hash;
}

async function dataOf<Data>(response: Response): Promise<Data> {
  const { data, errors } = (await response.json()) as Answer<Data>;
  if (errors !== undefined || data === undefined || data === null) {
    throw new Error(errors?.map((each) => `${each.extensions.code}: ${each.message}`).join('; ') ?? 'no answer');
  }
  return data;
}
