"""What the program does, one verb each; commands, jobs and pages call these."""
