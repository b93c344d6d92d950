export interface Result<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
  extensions?: { stale?: { ageSeconds: number } };
}

// Each result of a subscription. Abort the signal to leave.
export async function* subscribe<Data>(
  url: string,
  token: string,
  operation: { query: string; variables?: object },
  signal?: AbortSignal,
): AsyncGenerator<Result<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(operation),
    ...(signal && { signal }),
  });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('event: complete')) return;
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Result<Data>;
    }
  }
}
