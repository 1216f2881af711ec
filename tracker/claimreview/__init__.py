"""ClaimReview, the markup in which fact-checkers publish their reviews: read from others, written for others."""
