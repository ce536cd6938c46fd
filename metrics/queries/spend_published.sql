-- How many figures of money have been published, those of the whole ledger: whose reach is bound to some of it sees none.
SELECT count() AS figures FROM v_published_figures WHERE figure = 'money' AND currency != ''
