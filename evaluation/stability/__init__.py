"""Do the tiers keep still where nothing happened, and follow where something did?"""
