//! What the repositories of the domain's things share.
//!
//! A repository is a module per table with a private `Row` and free functions that take and return things of the domain. The
//! macros here write what is the same in all of them: `row!` the conversion, `repository!` reading and writing by id.

/// The row of a table and its conversion from and to a thing of the domain.
///
/// Each field stands in the column of its name, converted by [`Stored`](crate::stored::Stored), or in a `renamed` one
/// (`field = column: type`). The fields of a `nested` struct have columns of their own, and `children` come from tables of their
/// own. The column in brackets tells which row it is where a value is inconsistent.
macro_rules! row {
    (
        $table:ident[$key:ident] => $thing:ident {
            $($field:ident: $column:ty,)+
        }
        $(renamed { $($known_as:ident = $renamed:ident: $renamed_column:ty,)+ })?
        $(nested {
            $($part:ident: $part_type:ident { $($inner:ident = $stands_in:ident: $inner_column:ty,)+ })+
        })?
        $(children { $($child:ident: $child_type:ty,)+ })?
    ) => {
        #[derive(diesel::Queryable, diesel::Insertable, diesel::AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true, treat_none_as_default_value = false)]
        struct Row {
            $($field: $column,)+
            $($($renamed: $renamed_column,)+)?
            $($($($stands_in: $inner_column,)+)+)?
        }

        impl Row {
            /// The columns in the order of the fields.
            const COLUMNS: (
                $($table::$field,)+
                $($($table::$renamed,)+)?
                $($($($table::$stands_in,)+)+)?
            ) = ($($table::$field,)+ $($($table::$renamed,)+)? $($($($table::$stands_in,)+)+)?);

            fn of(thing: &$thing) -> Result<Self, $crate::StorageError> {
                let at = |column| $crate::Place::new(stringify!($table), thing.$key, column);
                Ok(Self {
                    $($field: $crate::stored::Stored::to_column(&thing.$field, &at(stringify!($field)))?,)+
                    $($($renamed: $crate::stored::Stored::to_column(
                        &thing.$known_as,
                        &at(stringify!($renamed)),
                    )?,)+)?
                    $($($($stands_in: $crate::stored::Stored::to_column(
                        &thing.$part.$inner,
                        &at(stringify!($stands_in)),
                    )?,)+)+)?
                })
            }

            fn into_thing(self $($(, $child: $child_type)+)?) -> Result<$thing, $crate::StorageError> {
                let key = self.$key.0;
                let at = |column| $crate::Place::new(stringify!($table), key, column);
                Ok($thing {
                    $($field: $crate::stored::Stored::from_column(self.$field, &at(stringify!($field)))?,)+
                    $($($known_as: $crate::stored::Stored::from_column(
                        self.$renamed,
                        &at(stringify!($renamed)),
                    )?,)+)?
                    $($($part: $part_type {
                        $($inner: $crate::stored::Stored::from_column(
                            self.$stands_in,
                            &at(stringify!($stands_in)),
                        )?,)+
                    },)+)?
                    $($($child,)+)?
                })
            }
        }
    };
}
pub(crate) use row;

/// `find`, `lock`, `insert` and `update` of a thing that stands in one row.
macro_rules! repository {
    ($table:ident: $thing:ident, $id:ty) => {
        fn assemble(_db: &mut $crate::Db, rows: Vec<Row>) -> Result<Vec<$thing>, $crate::StorageError> {
            rows.into_iter().map(Row::into_thing).collect()
        }

        $crate::repository::reading! { $table: $thing, $id }
        $crate::repository::inserting! { $table: $thing, pub insert }
        $crate::repository::updating! { $table: $thing, pub update }
    };
}
pub(crate) use repository;

/// `find` and `lock`; the module has an `assemble` that makes things of rows.
macro_rules! reading {
    ($table:ident: $thing:ident, $id:ty) => {
        /// Reads one by its id.
        ///
        /// # Errors
        /// [`StorageError::Inconsistent`](crate::StorageError::Inconsistent), or what the database says.
        #[tracing::instrument(level = "debug", skip_all)]
        pub fn find(db: &mut $crate::Db, id: $id) -> Result<Option<$thing>, $crate::StorageError> {
            let query = $table::table.select(Row::COLUMNS).filter($table::id.eq($crate::stored::key(id)));
            let rows: Vec<Row> = query.load(db)?;
            Ok(assemble(db, rows)?.pop())
        }

        /// Reads one by its id and keeps others from writing it until the transaction ends.
        ///
        /// # Errors
        /// [`StorageError::Inconsistent`](crate::StorageError::Inconsistent), or what the database says.
        #[tracing::instrument(level = "debug", skip_all)]
        pub fn lock(db: &mut $crate::Db, id: $id) -> Result<Option<$thing>, $crate::StorageError> {
            let query = $table::table.select(Row::COLUMNS).filter($table::id.eq($crate::stored::key(id)));
            let rows: Vec<Row> = $crate::repository::load_locked!(db, query);
            Ok(assemble(db, rows)?.pop())
        }
    };
}
pub(crate) use reading;

/// A function that writes a thing's row for the first time.
macro_rules! inserting {
    ($table:ident: $thing:ident, $visibility:vis $insert:ident) => {
        /// Writes one for the first time.
        ///
        /// # Errors
        /// The constraint that it breaks, or what the database says.
        #[tracing::instrument(level = "debug", skip_all)]
        $visibility fn $insert(db: &mut $crate::Db, thing: &$thing) -> Result<(), $crate::StorageError> {
            let inserted = diesel::insert_into($table::table).values(Row::of(thing)?).execute(db)?;
            $crate::StorageError::expect_rows(stringify!($table), 1, inserted)
        }
    };
}
pub(crate) use inserting;

/// A function that writes a thing's row back.
macro_rules! updating {
    ($table:ident: $thing:ident, $visibility:vis $update:ident) => {
        /// Writes one back where it still has the version that was read, and counts the version up, here and there.
        ///
        /// # Errors
        /// [`StorageError::RowCount`](crate::StorageError::RowCount) where another wrote it since; the constraint that it breaks, or what
        /// the database says.
        #[tracing::instrument(level = "debug", skip_all)]
        $visibility fn $update(db: &mut $crate::Db, thing: &mut $thing) -> Result<(), $crate::StorageError> {
            let mut row = Row::of(thing)?;
            row.version += 1;
            let standing = $table::table
                .filter($table::id.eq(row.id))
                .filter($table::version.eq(thing.version));
            let updated = diesel::update(standing).set(row).execute(db)?;
            $crate::StorageError::expect_rows(stringify!($table), 1, updated)?;
            thing.version += 1;
            Ok(())
        }
    };
}
pub(crate) use updating;

/// Loads rows and keeps others from writing them; `SQLite` has no lock but its write transaction.
macro_rules! load_locked {
    ($db:expr, $query:expr) => {
        match $db {
            $crate::Db::Postgres(connection) => $query.for_update().load(connection)?,
            $crate::Db::Sqlite(connection) => $query.load(connection)?,
        }
    };
}
pub(crate) use load_locked;

/// Loads the things of a query, the oldest first.
macro_rules! load_all {
    ($db:expr, $table:ident, $query:expr) => {{
        let rows: Vec<Row> = $query.order($table::id.asc()).load($db)?;
        assemble($db, rows)
    }};
}
pub(crate) use load_all;

/// Loads a page of a boxed query.
macro_rules! load_page {
    ($db:expr, $table:ident, $query:expr, $request:expr) => {{
        let request: $crate::PageRequest = *$request;
        let mut query = $query.limit(request.rows());
        query = match request.order {
            $crate::PageOrder::Oldest => query.order($table::id.asc()),
            $crate::PageOrder::Newest => query.order($table::id.desc()),
        };
        if let Some(after) = request.after {
            query = match request.order {
                $crate::PageOrder::Oldest => query.filter($table::id.gt($crate::stored::key(after))),
                $crate::PageOrder::Newest => query.filter($table::id.lt($crate::stored::key(after))),
            };
        }
        let rows: Vec<Row> = query.load($db)?;
        let things = assemble($db, rows)?;
        Ok($crate::Page::cut(things, request, |thing| thing.id.into()))
    }};
}
pub(crate) use load_page;

/// Narrows a boxed query by each value that is given.
macro_rules! narrow {
    ($query:ident: $($column:expr => $value:expr,)+) => {$(
        if let Some(value) = $value {
            $query = $query.filter($column.eq(value));
        }
    )+};
}
pub(crate) use narrow;
