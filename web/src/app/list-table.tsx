import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { FailureAlert } from './failure-alert';
import type { List } from './use-list';
import { useNarrow } from './use-narrow';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (item: T) => ReactNode;
  /** Left out on a phone. */
  readonly wide?: boolean;
  /** Names the row for a screen reader. */
  readonly isRowHeader?: boolean;
  readonly minWidth?: number;
}

interface ListTableProps<T> {
  readonly title: string;
  readonly list: List<T>;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  /** What it means that nothing is here. */
  readonly empty: { readonly title: string; readonly text: string };
  readonly filter?: ReactNode;
  readonly actions?: ReactNode;
}

/** A list of the API as a table: loading, failed, empty, or page by page. */
export function ListTable<T>({ title, list, columns, keyOf, empty, filter, actions }: ListTableProps<T>) {
  return (
    <SpaceBetween size="m">
      {list.error !== undefined && <FailureAlert error={list.error} onRetry={list.reload} />}
      <PlainTable
        title={title}
        items={list.items}
        columns={columns}
        keyOf={keyOf}
        empty={empty}
        loading={list.loading}
        filter={filter}
        actions={actions}
        pagination={
          (list.pages > 1 || list.page > 1) && (
            <Pagination
              currentPageIndex={list.page}
              pagesCount={list.pages}
              openEnd={list.more}
              onChange={({ detail }) => list.goTo(detail.currentPageIndex)}
              ariaLabels={{
                nextPageLabel: 'Next page',
                previousPageLabel: 'Previous page',
                pageLabel: (page) => `Page ${page}`,
                paginationLabel: `Pages of ${title.toLowerCase()}`,
              }}
            />
          )
        }
      />
    </SpaceBetween>
  );
}

interface PlainTableProps<T> extends Omit<ListTableProps<T>, 'list'> {
  readonly items: readonly T[];
  readonly loading?: boolean;
  readonly pagination?: ReactNode;
  readonly embedded?: boolean;
}

/** A table of what is there already. */
export function PlainTable<T>(props: PlainTableProps<T>) {
  const narrow = useNarrow();
  const { title, items, columns, keyOf, empty, filter, actions, pagination, loading = false } = props;
  return (
    <Table
      variant={props.embedded ? 'embedded' : 'container'}
      header={
        <Header variant={props.embedded ? 'h3' : 'h2'} actions={actions}>
          {title}
        </Header>
      }
      ariaLabels={{ tableLabel: title, allItemsSelectionLabel: () => title, itemSelectionLabel: () => title }}
      items={items}
      columnDefinitions={columns.filter(({ wide }) => !(wide && narrow)).map(({ wide, ...column }) => column)}
      trackBy={keyOf}
      loading={loading}
      loadingText={`Reading ${title.toLowerCase()}`}
      wrapLines
      cellVerticalAlign="top"
      filter={filter}
      pagination={pagination}
      empty={
        <Box textAlign="center" color="inherit">
          <b>{empty.title}</b>
          <Box variant="p" color="inherit">
            {empty.text}
          </Box>
        </Box>
      }
    />
  );
}
