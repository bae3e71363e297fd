"""All that knows Airflow: Dag factory, connection types, timetable, retry policy, set-up."""
