"""Views: the Streamlit pages; each reads, lets choose, computes and shows."""
