# Les événements pour d’autres programmes : agendas, fils d’actualité.

feed-events = Événements d’Influents
feed-cancelled = Annulé : { $title }
feed-own = Mes événements Influents
