"""Reports on paper and by mail: figures in, bytes out; when they are due and to whom they go."""
