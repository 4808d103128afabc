import { Component, type ReactNode } from 'react';
import { FailureAlert } from './failure-alert';

interface PageBoundaryProps {
  readonly children: ReactNode;
}

/**
 * Where a page fails, or cannot be loaded (the console was deployed anew since it was opened), the rest of the console
 * stays, and it is said what to do. A class, since React has no other way to say it.
 */
export class PageBoundary extends Component<PageBoundaryProps, { readonly error?: unknown }> {
  override readonly state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <FailureAlert error={this.state.error} onRetry={() => location.reload()} />;
  }
}
