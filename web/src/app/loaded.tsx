import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';
import { FailureAlert } from './failure-alert';
import { Indicator } from './indicator';
import type { Resource } from './use-resource';

interface LoadedProps<T> {
  readonly resource: Resource<T>;
  /** What is being read, for the line that says so. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/**
 * A resource on the page: being read (an end is sure: the client gives up by itself), failed, or there. What was
 * read before stays while a new reading fails, and it is said that it may be old.
 */
export function Loaded<T>({ resource, what, children }: LoadedProps<T>) {
  const { data, error, reload } = resource;
  if (data === undefined && error === undefined) {
    return (
      <Box padding="l" textAlign="center">
        <Indicator type="loading">Reading {what}</Indicator>
      </Box>
    );
  }
  return (
    <div className="stack">
      {error !== undefined && <FailureAlert error={error} onRetry={reload} />}
      {data !== undefined && children(data)}
    </div>
  );
}
