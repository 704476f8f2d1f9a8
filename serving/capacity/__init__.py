"""Which tier each customer gets so that expected profit is greatest under limits of seats and hours: arrays alone."""
