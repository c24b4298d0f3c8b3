"""The columnar store of call records and samples: Parquet files and what is asked of them."""
