import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';

interface IndicatorProps {
  readonly type: StatusIndicatorProps.Type;
  readonly children: ReactNode;
}

/** A status with its sign. The design system breaks its text anywhere; words are kept whole here. */
export function Indicator({ type, children }: IndicatorProps) {
  return (
    <StatusIndicator type={type}>
      <span className="words">{children}</span>
    </StatusIndicator>
  );
}
